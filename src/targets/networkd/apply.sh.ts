import { shell } from '../../render/shell.js'
import { linkFunctions } from '../linux-links/script.js'

/**
 * networkd's part of `apply.sh`. What is up is changed in place, as with any tool: for networkd to do it, it has
 * to be started anew, and then it forgets every session, and takes away the routes that the routing daemon made.
 * It reads the files when it is started the next time, and finds all of it as they say.
 */
const ownFunctions = shell`
# networkd: what its files say, and how it makes the interfaces

# sd_tunnel: the tunnel as wg(8) writes it, with the keys that the files of .netdev name.
sd_tunnel() {
  awk '
    function key(file,  line) {
      return (getline line <file) > 0 ? line : ""
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
    }' "/etc/systemd/network/10-$mesh.netdev"
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
  sd_tunnel >"$scratch/tunnel.conf" || return 1
  sd_routes "/etc/systemd/network/10-$mesh.network" >"$scratch/tunnel.routes" || return 1
  [ -n "$link_overlay" ] || return 0
  sd_routes "/etc/systemd/network/11-$link_overlay.network" >"$scratch/overlay.routes" || return 1
  sd_entries "/etc/systemd/network/11-$link_overlay.network" >"$scratch/overlay.fdb"
}

# Has networkd make what is not there, and waits for it.
sd_start() {
  systemctl restart systemd-networkd || return 1
  tries=0
  while [ "$tries" -lt 120 ]; do
    sd_made "$mesh" && { [ -z "$link_overlay" ] || sd_made "$link_overlay"; } && return 0
    tries=$((tries + 1))
    sleep 0.5
  done
  networkctl list
  return 1
}

# sd_made INTERFACE: whether networkd is done with it.
sd_made() {
  link_exists "$1" && networkctl list --no-legend "$1" 2>/dev/null | grep -q ' configured *$'
}

# What may not be changed in place is made anew.
sd_overlay() {
  ip link del "$link_overlay" 2>/dev/null
  sd_start
}
`

export const functions = [ownFunctions, linkFunctions].join('\n')

export const apply = shell`
  permit 755 root:root /etc/ciab
  permit 644 root:root "/etc/systemd/network/10-$mesh.netdev" "/etc/systemd/network/10-$mesh.network"
  [ -z "$link_overlay" ] ||
    permit 644 root:root "/etc/systemd/network/11-$link_overlay.netdev" "/etc/systemd/network/11-$link_overlay.network"
  permit 755 root:root /etc/systemd/networkd.conf.d
  permit 644 root:root "/etc/systemd/networkd.conf.d/60-$mesh.conf" "/etc/sysctl.d/60-$mesh.conf"
  permit 750 root:systemd-network /etc/ciab/keys
  permit 640 root:systemd-network /etc/ciab/keys/*
  link_tools wg ip bridge networkctl || return 1
  if [ ! -s "$sd_key_file" ]; then
    warn "$sd_key_file has to hold this node's private key"
    return 1
  fi
  sd_read || return 1
  if ! link_exists "$mesh"; then
    change "start the tunnel $mesh" sd_start || return 1
    dry && return 0
  fi
  link_apply sd_overlay || return 1
  link_settings
`

export const status = shell`
  if systemctl is-active --quiet systemd-networkd 2>/dev/null; then
    ok 'systemd-networkd: running'
  else
    bad 'systemd-networkd: not running'
  fi
  if ! link_exists "$mesh"; then
    bad "tunnel: $mesh is not up"
    return 0
  fi
  sd_read || return 1
  link_status "/etc/systemd/network/10-$mesh.netdev"
  link_settings_status
`
