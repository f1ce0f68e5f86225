# What zebra knows of the node's addresses. It hears of devices and of their addresses by two ways (FRR 8), and drops
# an address for good that it hears of before the device.

frr_devices=''

# Leaves in $scratch the addresses that it lacks, in the words of ip(8): said once more, the kernel tells of them anew.
frr_unheard() {
  vtysh -c 'show interface vrf all' >"$scratch/frr.interfaces" 2>/dev/null || return 1
  for device in $frr_devices; do
    ip -o address show dev "$device" scope global 2>/dev/null
  done >"$scratch/frr.addresses"
  awk '
    from == "zebra" && $1 == "Interface" { device = $2; known[device] }
    from == "zebra" && ($1 == "inet" || $1 == "inet6") { heard[device, $2] }
    from == "kernel" && !/ (tentative|dadfailed) / && $2 in known && !(($2, $4) in heard) {
      print "address replace", $4, "dev", $2, / nodad / ? "nodad" : "", / noprefixroute / ? "noprefixroute" : ""
    }
  ' from=zebra "$scratch/frr.interfaces" from=kernel "$scratch/frr.addresses" >"$scratch/frr.unheard"
  [ -s "$scratch/frr.unheard" ]
}

frr_unheard_list() { awk '{ print $3 " on " $5 }' "$scratch/frr.unheard" | listed; }

# What was given a moment ago it may be about to hear of.
frr_hear() {
  frr_unheard || return 0
  sleep 1
  frr_unheard || return 0
  change "tell FRR of addresses that it has missed: $(frr_unheard_list)" frr_tell
}

frr_tell() {
  for _ in 1 2 3 4 5; do
    ip -batch "$scratch/frr.unheard" || return 1
    sleep 1
    frr_unheard || return 0
  done
  echo "FRR still does not know $(frr_unheard_list)"
  return 1
}
