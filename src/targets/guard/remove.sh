# The packet filter and the kernel settings, as they were before.

leave_guard() { remove_guard; }

remove_guard() {
  for family in inet bridge arp; do
    ! { have nft && nft list table "$family" ciab >/dev/null 2>&1; } ||
      change "unload the packet filter of the mesh (table $family ciab)" nft delete table "$family" ciab || return 1
  done
  guard_before >"$scratch/guard.before"
  if [ -n "$(unsettled "$scratch/guard.before")" ]; then
    change "set in the kernel, as before: $(unsettled "$scratch/guard.before" | listed)" \
      sysctl -q -e -p "$scratch/guard.before"
  fi
  rm_guard="/run/ciab/$mesh.nft /var/lib/ciab/$mesh.lan /var/lib/ciab/$mesh.before"
  dry || with "$rm_guard" rm -f
}

# Prints the settings as guard.sh found them. While there are other bridges, whoever has them needs the forwarding.
guard_before() {
  guard_bridged=
  for guard_bridge in /sys/class/net/*/bridge; do
    [ ! -e "$guard_bridge" ] || guard_bridged=yes
  done
  if [ -n "$guard_bridged" ]; then
    grep -v 'forward' "/var/lib/ciab/$mesh.before" 2>/dev/null
  else
    cat "/var/lib/ciab/$mesh.before" 2>/dev/null
  fi
}
