# Changes in place what the tunnel and the VXLAN device are, whoever made them. A target first leaves in
# $scratch what its files say:
#   tunnel.conf                     the tunnel as wg(8) writes it, with the keys, and "# NAME" in each [Peer]
#   tunnel.routes, overlay.routes   a prefix on each line
#   overlay.fdb                     "MAC VTEP INTERFACE NODE" on each line; "-" for no interface

link_staged='' link_moving='' link_key_file='' link_clients='' link_bare='' link_overlay='' link_overlay_addresses=''
link_overlay_vni='' link_overlay_mac='' link_overlay_local='' link_overlay_port=''

# link_tools TOOL...: whether all of them are there.
link_tools() {
  for tool in "$@"; do
    have "$tool" && continue
    warn "$tool is not installed: apt-get install wireguard-tools iproute2"
    return 1
  done
  case $(ip -V 2>&1) in
    *iproute2*) return 0 ;;
  esac
  warn 'ip is not the one of iproute2, which alone shows what has to be compared'
  return 1
}

link_exists() { ip link show dev "$1" >/dev/null 2>&1; }

# link_readable FILE...: says which of them cannot be read.
link_readable() {
  for file in "$@"; do
    [ -f "$file" ] && [ -r "$file" ] && continue
    printf 'cannot read %s\n' "$file" >&2
    return 1
  done
}

# link_key: whether the node's own key is there, which may be its owner's to bring.
link_key() {
  [ -s "$link_key_file" ] && return 0
  warn "$link_key_file has to hold this node's private key"
  return 1
}

# Owners and modes of what all targets write for their tunnels.
link_permits() {
  permit 600 root:root "/etc/ciab/$mesh.next"
  permit 755 root:root /etc/ciab/follow-keys.sh
  permit 644 root:root /etc/ciab/follow-keys.conf
}

# link_apply CREATE: CREATE makes the VXLAN device whole, also in the place of one that is there.
link_apply() {
  link_followed || return 1
  link_forget_staged
  link_endpoints_differ
  if link_differs; then
    change "update $mesh: $(link_difference)" link_sync || return 1
    dry || link_meet
  elif [ -s "$scratch/endpoints.new" ]; then
    change "update the endpoints of $mesh" link_sync || return 1
    dry || link_meet
  fi
  dry || link_remember_endpoints
  # The device on top fits into the tunnel at every moment: grow from below, shrink from above.
  before=$(link_mtu_of "$mesh")
  [ "$before" -ge "$link_mtu" ] || change "set the MTU of $mesh to $link_mtu" ip link set "$mesh" mtu "$link_mtu"
  link_places "$mesh" "$link_tunnel_addresses" '' "$scratch/tunnel.routes"
  if [ -n "$link_overlay" ]; then
    link_overlay_apply "$1" || return 1
  elif [ -n "$link_bare" ] && ip -o -d link show dev "v$mesh" 2>/dev/null | grep -q ' vxlan id '; then
    # Nothing guards it any more: the kernel would take frames for it from anybody.
    change "remove v$mesh, which this mesh does without" ip link del "v$mesh" || return 1
  fi
  [ "$before" -le "$link_mtu" ] || change "set the MTU of $mesh to $link_mtu" ip link set "$mesh" mtu "$link_mtu"
  return 0
}

# link_status READ FILE: FILE is what the tunnel is to be like, and READ leaves in $scratch what it says.
# Fails where there is no tunnel.
link_status() {
  if ! link_exists "$mesh"; then
    bad "tunnel: $mesh is not up"
    return 1
  fi
  if ! { "$1" && link_followed; } 2>"$scratch/unread"; then
    bad "tunnel: cannot be compared: $(paste -s -d ' ' "$scratch/unread")"
    return 0
  fi
  shift
  link_told_begin
  if link_differs; then
    bad "tunnel: not as in $1: $(link_difference)"
  fi
  link_status_ask
  link_status_handshakes
  if [ "$(link_mtu_of "$mesh")" = "$link_mtu" ]; then
    ok "tunnel: MTU $link_mtu"
  else
    bad "tunnel: the MTU of $mesh is $(link_mtu_of "$mesh"), not $link_mtu"
  fi
  link_moving_status
  link_status_path
  link_status_endpoints
  [ -z "$link_overlay" ] || link_status_overlay
  link_told
  return 0
}
