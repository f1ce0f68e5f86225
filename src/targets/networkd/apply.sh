# networkd: what its files say, and how it makes the interfaces. What is up is changed in place, as with any tool: for
# networkd to do it, it has to be started anew, and then it forgets every session, and takes away the routes that the
# routing daemon made. It reads the files when it is started the next time, and finds all of it as they say.

# sd_tunnel: the tunnel as wg(8) writes it, with the keys that the files of .netdev name.
sd_tunnel() {
  awk '
    function key(file,  line) {
      if ((getline line <file) > 0) { close(file); return line }
      print "cannot read " file | "cat >&2"
      unread = 1
    }
    /^\[/ {
      section = $0
      if (section == "[WireGuard]") print "[Interface]"
      if (section == "[WireGuardPeer]") print "\n[Peer]"
      next
    }
    section !~ /^\[WireGuard/ { next }
    /^# / { print; next }
    /=/ {
      what = $0
      sub(/=.*/, "", what)
      value = $0
      sub(/^[^=]*=/, "", value)
      if (what == "PrivateKeyFile") { what = "PrivateKey"; value = key(value) }
      if (what == "PresharedKeyFile") { what = "PresharedKey"; value = key(value) }
      if (what == "FirewallMark") what = "FwMark"
      if (what == "AllowedIPs") gsub(",", ", ", value)
      if (value != "") print what, "=", value
    }
    END { exit unread }' "/etc/systemd/network/10-$mesh.netdev"
}

# sd_routes FILE: the prefix of each [Route].
sd_routes() {
  awk '/^\[/ { section = $0 } section == "[Route]" && sub(/^Destination=/, "") { print }' "$1"
}

# sd_entries FILE: each [BridgeFDB] as "MAC VTEP INTERFACE NODE".
sd_entries() {
  awk '
    function flush() {
      if (section == "[BridgeFDB]") print mac, vtep, via, name
      mac = vtep = name = ""
      via = "-"
    }
    /^\[/ { flush(); section = $0 }
    section == "[BridgeFDB]" && sub(/^# /, "") { name = $0 }
    sub(/^MACAddress=/, "") { mac = $0 }
    sub(/^Destination=/, "") { vtep = $0 }
    sub(/^OutgoingInterface=/, "") { via = $0 }
    END { flush() }' "$1"
}

sd_read() {
  link_readable "/etc/systemd/network/10-$mesh.netdev" "/etc/systemd/network/10-$mesh.network" || return 1
  sd_tunnel >"$scratch/tunnel.conf" || return 1
  sed -n 's/^PresharedKeyFile=//p' "/etc/systemd/network/10-$mesh.netdev" >"$scratch/keys.used" || return 1
  sd_routes "/etc/systemd/network/10-$mesh.network" >"$scratch/tunnel.routes" || return 1
  [ -n "$link_overlay" ] || return 0
  link_readable "/etc/systemd/network/11-$link_overlay.network" || return 1
  sd_routes "/etc/systemd/network/11-$link_overlay.network" >"$scratch/overlay.routes" || return 1
  sd_entries "/etc/systemd/network/11-$link_overlay.network" >"$scratch/overlay.fdb"
}

# Has networkd make what is not there, and waits for it.
sd_start() { systemctl restart systemd-networkd && link_networkd_await; }

# What may not be changed in place is made anew.
sd_overlay() {
  ip link del "$link_overlay" 2>/dev/null
  sd_start
}

apply_networkd() {
  permit 644 root:root "/etc/systemd/network/10-$mesh.netdev" "/etc/systemd/network/10-$mesh.network"
  [ -z "$link_overlay" ] ||
    permit 644 root:root "/etc/systemd/network/11-$link_overlay.netdev" "/etc/systemd/network/11-$link_overlay.network"
  link_networkd_permits
  link_permits
  link_tools wg ip bridge networkctl || return 1
  link_key || return 1
  sd_read || return 1
  if ! link_exists "$mesh"; then
    change "start the tunnel $mesh" sd_start || return 1
    dry && return 0
  fi
  link_apply sd_overlay || return 1
  link_settings
  link_networkd_keys
  link_moving_apply
  return 0
}

status_networkd() {
  link_networkd_status
  link_status sd_read "/etc/systemd/network/10-$mesh.netdev" && link_settings_status
  return 0
}

# With the files of both devices gone, networkd does not make them again.
sd_down() {
  rm -f "/etc/systemd/network/10-$mesh.netdev" "/etc/systemd/network/10-$mesh.network" \
    "/etc/systemd/network/11-v$mesh.netdev" "/etc/systemd/network/11-v$mesh.network"
  ! systemctl is-active --quiet systemd-networkd || networkctl reload
}

remove_networkd() { link_remove sd_down; }
beside_networkd() { link_beside; }
