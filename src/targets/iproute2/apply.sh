# iproute2: the devices of segments and tenants, by difference: what is right is not touched. Bridges that are
# to leave a VRF leave it, what is not wanted is removed, and networks.sh makes the rest.

evpn_local='' evpn_port='' evpn_mac='' evpn_mtu=''

# Leaves in $scratch what networks.sh is to make, what there is of ours, and what of that is not as it should
# be. A node that has left its last segment and tenant wants nothing of them.
evpn_look() {
  : >"$scratch/evpn.wanted"
  [ -z "$evpn_local" ] || sh /etc/ciab/networks.sh --wanted >"$scratch/evpn.wanted" || return 1
  evpn_found >"$scratch/evpn.found"
  evpn_misfits | sort -u | cut -d ' ' -f 2 >"$scratch/evpn.misfits"
  evpn_strays >"$scratch/evpn.strays"
  evpn_look_ways
}

# Prints the bridges that are in the way of ours.
evpn_others() {
  sh /etc/ciab/networks.sh --others >"$scratch/evpn.others" || return 1
  paste -s -d , "$scratch/evpn.others" | sed 's/,/, /g'
}

evpn_missing() { sh /etc/ciab/networks.sh --missing | paste -s -d , - | sed 's/,/, /g'; }

# Of a bridge that only happens to be called as one of ours, nothing is made a part of the mesh.
check_iproute2() {
  [ -n "$evpn_local" ] || return 0
  others=$(evpn_others) || return 1
  [ -z "$others" ] ||
    refuse "$others is this host's own, and a segment or tenant needs that name: rename the bridge, or the other in mesh.ini"
}

apply_iproute2() {
  if [ -n "$evpn_local" ]; then
    permit 755 root:root /etc/ciab/networks.sh
    permit 644 root:root /etc/ciab/networks.conf "/etc/udev/rules.d/70-$mesh.rules" /etc/systemd/system/ciab-networks.service
    for tool in ip flock; do
      have "$tool" && continue
      warn "$tool is not installed: apt-get install iproute2 util-linux"
      return 1
    done
  elif ! have ip; then
    return 0
  fi
  evpn_look || return 1
  evpn_shut_ways || return 1
  evpn_part || return 1
  if [ -s "$scratch/evpn.misfits" ]; then
    misfits=$(paste -s -d ' ' "$scratch/evpn.misfits")
    change "remove $misfits" with "$misfits" evpn_remove || return 1
  fi
  if [ -n "$evpn_local" ]; then
    evpn_mtus
    missing=$(evpn_missing)
    [ -z "$missing" ] || change "make $missing" sh /etc/ciab/networks.sh || return 1
    for device in $(evpn_foreign); do
      advise "$device is there, but ciab-gen did not make it: rename or remove it, then run apply.sh again"
    done
  fi
  for device in $(evpn_closed); do
    change "bring $device up again" evpn_open "$device"
  done
  for device in $(evpn_gone); do
    change "forget $device, which is gone" evpn_unlist "$device"
  done
  for device in $(evpn_homeless); do
    advise "$device has left its tenant and is shut: let who made it (LXD, Incus or you) delete it"
  done
  return 0
}

status_iproute2() {
  evpn_look 2>/dev/null || { bad 'segments and tenants: /etc/ciab/networks.sh fails'; return 0; }
  while read -r port verb text; do
    bad "segments and tenants: apply.sh is to $text"
  done <"$scratch/evpn.strays"
  while read -r table client network; do
    bad "segments and tenants: $client has a way into $network; apply.sh shuts it"
  done <"$scratch/evpn.shut_ways"
  misfits=$(paste -s -d ' ' "$scratch/evpn.misfits")
  if [ -z "$evpn_local" ]; then
    [ -z "$misfits" ] || bad "segments and tenants: left over: $misfits; apply.sh removes them"
  else
    [ -z "$misfits" ] || bad "segments and tenants: not as they should be: $misfits"
    for device in $(evpn_foreign); do
      bad "segments and tenants: $device is there, but ciab-gen did not make it"
    done
    others=$(evpn_others)
    [ -z "$others" ] ||
      bad "segments and tenants: $others is this host's own, so that apply.sh stops; rename the bridge, or the other in mesh.ini"
    missing=$(evpn_missing)
    if [ -n "$missing" ]; then
      bad "segments and tenants: missing: $missing"
    else
      ok "segments and tenants: all devices are there"
    fi
  fi
  for device in $(evpn_closed); do
    bad "segments and tenants: $device is shut; apply.sh brings it up"
  done
  for device in $(evpn_homeless); do
    note "segments and tenants: $device has left its tenant, and should be deleted"
  done
  return 0
}
