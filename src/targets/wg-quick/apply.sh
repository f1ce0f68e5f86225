# wg-quick: what its files say, and how it makes the interfaces. Hooks run only as the tunnel starts: a change
# to your own takes effect then, not here.

# The tunnel's file without what is not for wg, and with the key where its owner keeps that elsewhere.
wg_read() {
  link_readable "/etc/wireguard/$mesh.conf" || return 1
  [ -z "$link_key_file" ] || link_readable "$link_key_file" || return 1
  awk -v file="$link_key_file" '
    /^(Address|MTU|Table|PreUp|PostUp|PreDown|PostDown) = / { next }
    { print }
    file != "" && $1 == "[Interface]" && (getline key <file) > 0 { print "PrivateKey = " key }
  ' "/etc/wireguard/$mesh.conf" >"$scratch/tunnel.conf" || return 1
  wg_routes %i >"$scratch/tunnel.routes" || return 1
  [ -n "$link_overlay" ] || return 0
  link_readable "/etc/ciab/$mesh.fdb" || return 1
  wg_routes "$link_overlay" >"$scratch/overlay.routes" || return 1
  awk '$(NF - 1) == "#" { name = $NF } $1 == "fdb" { print $3, $7, $9, name }' "/etc/ciab/$mesh.fdb" >"$scratch/overlay.fdb"
}

# wg_routes NAME: the routes that the hooks add to what they call so.
wg_routes() {
  sed -n "s/^PostUp = ip route add \([^ ]*\) dev $1 proto static\$/\1/p" "/etc/wireguard/$mesh.conf"
}

# Through systemd where it starts the tunnel at boot, so that it knows. A unit that is active although
# somebody took the tunnel down by hand starts nothing.
wg_up() {
  if systemctl is-enabled "wg-quick@$mesh" >/dev/null 2>&1; then
    systemctl start "wg-quick@$mesh"
    ! link_exists "$mesh" || return 0
  fi
  limited 600 wg-quick up "$mesh"
}

# The same as the tunnel's PostUp hooks.
wg_overlay() {
  ip link del "$link_overlay" 2>/dev/null
  ip link add "$link_overlay" mtu "$link_overlay_mtu" address "$link_overlay_mac" type vxlan \
    id "$link_overlay_vni" local "$link_overlay_local" dev "$mesh" dstport "$link_overlay_port" ttl 64 \
    nolearning || return 1
  for address in $link_overlay_addresses; do
    case $address in
      *:*) ip address add "$address" dev "$link_overlay" nodad || return 1 ;;
      *) ip address add "$address" dev "$link_overlay" || return 1 ;;
    esac
  done
  sysctl -q -w "net.ipv4.conf.$link_overlay.rp_filter=2" "net.ipv4.conf.$link_overlay.send_redirects=0"
  bridge -batch "/etc/ciab/$mesh.fdb" && ip link set "$link_overlay" up
}

apply_wg_quick() {
  permit 700 root:root /etc/wireguard
  permit 600 root:root "/etc/wireguard/$mesh.conf"
  [ -z "$link_overlay" ] || permit 644 root:root "/etc/ciab/$mesh.fdb"
  link_permits
  link_tools wg wg-quick ip bridge || return 1
  if [ -n "$link_key_file" ]; then
    permit 600 root:root "$link_key_file"
    link_key || return 1
  fi
  wg_read || return 1
  if link_exists "$mesh"; then
    link_apply wg_overlay || return 1
    link_moving_apply
    return 0
  fi
  change "start the tunnel $mesh" wg_up || return 1
  dry || { link_endpoints_read && link_remember_endpoints; }
  link_moving_apply
  return 0
}

status_wg_quick() {
  link_status wg_read "/etc/wireguard/$mesh.conf"
  return 0
}

wg_down() {
  [ ! -d /run/systemd/system ] || systemctl stop "wg-quick@$mesh"
  ! link_exists "$mesh" || limited 600 wg-quick down "$mesh"
}

remove_wg_quick() { link_remove wg_down; }
beside_wg_quick() { link_beside; }
