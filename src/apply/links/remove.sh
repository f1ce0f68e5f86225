# The tunnel and the VXLAN device off this host.

# link_remove DOWN: DOWN takes both down as their tool does, and may fail where its files are gone.
link_remove() {
  have ip || return 0
  link_exists "$mesh" || { [ -n "$link_overlay" ] && link_exists "$link_overlay"; } || return 0
  change "take down the tunnel $mesh" link_down "$1"
}

link_down() {
  "$1"
  for device in $link_overlay $mesh; do
    ! link_exists "$device" || ip link del "$device" || return 1
  done
}

# Prints what lies here because of the tunnel and is in no tree: keys that their owner brought, or that are left over.
link_beside() {
  printf '%s\n' "${link_key_file:-/etc/wireguard/$mesh.key}" "/etc/ciab/$mesh.next" /etc/ciab/follow-keys.sh /etc/ciab/follow-keys.conf
}
