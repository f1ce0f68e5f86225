# Everything of segments and tenants that was made here. A bridge of containers in a VRF is shut before that goes.

remove_iproute2() {
  have ip || return 0
  : >"$scratch/evpn.wanted"
  evpn_found >"$scratch/evpn.found"
  evpn_misfits | sort -u | cut -d ' ' -f 2 >"$scratch/evpn.misfits"
  evpn_strays >"$scratch/evpn.strays"
  evpn_local=''
  evpn_look_ways
  evpn_shut_ways || return 1
  while read -r port verb text; do
    case $verb in shut) change "shut $port, which is in no tenant any more" ip link set "$port" down || return 1 ;; esac
  done <"$scratch/evpn.strays"
  [ ! -s "$scratch/evpn.misfits" ] || {
    misfits=$(paste -s -d ' ' "$scratch/evpn.misfits")
    change "remove $misfits" with "$misfits" evpn_remove
  }
}
