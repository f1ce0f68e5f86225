import { shell } from '../../render/shell.js'

/** The devices of segments and tenants in `apply.sh`, by difference: what is right is not touched. */
export const functions = shell`
# iproute2: the devices of segments and tenants

# Prints "NAME KIND VNI" of each device that is ours, and is there.
evpn_found() {
  ip -o -d link show | awk -v mark="alias ciab-gen $mesh" '
    index($0, mark) {
      gsub(/\\/, " ")
      name = $2
      sub(/[:@].*/, "", name)
      kind = vni = ""
      for (i = 3; i < NF; i++) {
        if ($i == "vxlan" && $(i + 1) == "id") { kind = "vxlan"; vni = $(i + 2) }
        if ($i == "vrf" && $(i + 1) == "table") { kind = "vrf"; vni = $(i + 2) }
        if ($i == "bridge" && kind == "") kind = "bridge"
      }
      print name, kind, vni
    }'
}

# Prints the names of devices that are not as networks.sh would make them, or that it would not make at all.
evpn_misfits() {
  sh /etc/ciab/networks.sh --wanted >"$scratch/evpn.wanted"
  evpn_found >"$scratch/evpn.found"
  awk 'from == "wanted" { is[$1] = $2 " " $3; next }
    $2 == "bridge" ? !($1 in is) || is[$1] !~ /^bridge / : is[$1] != $2 " " $3 { print $1 }
  ' from=wanted "$scratch/evpn.wanted" from=found "$scratch/evpn.found"
  awk '$2 == "vxlan" { print $1 }' "$scratch/evpn.wanted" | while read -r device; do
    link=$(ip -o -d link show dev "$device" 2>/dev/null) || continue
    case $link in
      *"link/ether $evpn_mac "*" local $evpn_local "*" dstport $evpn_port "*) ;;
      *) echo "$device" ;;
    esac
  done
}

evpn_remove() {
  for device in "$@"; do
    ip link del "$device" || return 1
  done
}

# A node that has left its last segment and tenant keeps nothing of them.
evpn_leave() {
  leftovers=$(evpn_found | awk '{ print $1 }' | tr '\n' ' ')
  if [ -n "$leftovers" ]; then
    # shellcheck disable=SC2086 # a list of names
    change "remove \${leftovers% }, of segments and tenants that are no longer here" evpn_remove $leftovers || return 1
  fi
  [ ! -e /etc/ciab/networks.sh ] || change 'delete the files about them' evpn_forget
}

evpn_forget() {
  if [ -e /etc/systemd/system/ciab-networks.service ] && [ -d /run/systemd/system ]; then
    systemctl disable ciab-networks.service || return 1
  fi
  rm -f /etc/ciab/networks.sh "/etc/udev/rules.d/70-$mesh.rules" /etc/systemd/system/ciab-networks.service
}

# The MTU is changed in place, like that of the tunnel.
evpn_mtus() {
  awk '$2 != "vrf" { print $1 }' "$scratch/evpn.wanted" >"$scratch/evpn.devices"
  while read -r device; do
    ip link show dev "$device" >/dev/null 2>&1 || continue
    case "$(ip -o link show dev "$device")" in
      *" mtu $evpn_mtu "*) ;;
      *) change "set the MTU of $device to $evpn_mtu" ip link set "$device" mtu "$evpn_mtu" ;;
    esac
  done <"$scratch/evpn.devices"
}
`

export const apply = shell`
  if [ -z "$evpn_local" ]; then
    ! have ip || evpn_leave || return 1
    return 0
  fi
  for tool in ip flock; do
    have "$tool" && continue
    warn "$tool is not installed: apt-get install iproute2 util-linux"
    return 1
  done
  misfits=$(evpn_misfits | sort -u | tr '\n' ' ')
  if [ -n "$misfits" ]; then
    # shellcheck disable=SC2086 # a list of names
    change "remove \${misfits% }" evpn_remove $misfits || return 1
  fi
  evpn_mtus
  missing=$(sh /etc/ciab/networks.sh --missing | paste -s -d , - | sed 's/,/, /g')
  if [ -n "$missing" ]; then
    change "make $missing" sh /etc/ciab/networks.sh || return 1
  fi
  return 0
`

export const status = shell`
  if [ -z "$evpn_local" ]; then
    leftovers=$(evpn_found 2>/dev/null | awk '{ print $1 }' | tr '\n' ' ')
    [ -z "$leftovers" ] || bad "segments and tenants: left over: \${leftovers% }; apply.sh removes them"
    return 0
  fi
  misfits=$(evpn_misfits | sort -u | tr '\n' ' ')
  [ -z "$misfits" ] || bad "segments and tenants: not as they should be: \${misfits% }"
  missing=$(sh /etc/ciab/networks.sh --missing | paste -s -d , - | sed 's/,/, /g')
  if [ -n "$missing" ]; then
    bad "segments and tenants: missing: $missing"
  else
    ok "segments and tenants: all devices are there"
  fi
  return 0
`
