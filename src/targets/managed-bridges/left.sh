# Bridges of tenants that are here no more. The daemon makes them anew at boot, with no VRF around them: their
# networks would be in the host's own routing table, and beside a bridge with the same address, which another
# tenant's may have, the DHCP server of that one no longer knows which of the two it serves.

# Prints the bridges that were in a VRF when our file about them was taken, are in no file now, and have an address.
daemon_left() {
  "$daemon_client" network list --format csv </dev/null 2>/dev/null | cut -d , -f 1 | while read -r daemon_bridge; do
    case $daemon_bridge in ct-* | br-*) ;; *) continue ;; esac
    case " $daemon_networks" in *" $daemon_bridge|"*) continue ;; esac
    if daemon_knows "$daemon_bridge" && grep -q "^description: $mesh containers on " "$scratch/daemon.network" &&
      grep -qx 'dns[.]mode none' "$scratch/daemon.keys" && grep -q '^ipv[46][.]address [^n]' "$scratch/daemon.keys"; then
      echo "$daemon_bridge"
    fi
  done
}

daemon_retire() {
  for daemon_bridge in $(daemon_left); do
    change "take its addresses from $daemon_bridge, which is in no tenant any more" \
      "$daemon_client" network set "$daemon_bridge" ipv4.address=none ipv6.address=none </dev/null
  done
}
