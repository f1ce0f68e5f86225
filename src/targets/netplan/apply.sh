# netplan: what its files say, and how it makes the interfaces. What is up is changed in place, as with any
# tool: "netplan apply" would have networkd take every address of the host away for a moment, and the routes
# that the routing daemon made for good.

# np_lines DEVICE: what the file has of the device, without quotes around values.
np_lines() {
  awk -v device="$1" '
    { gsub(/"/, "") }
    /^    [^ #]/ { name = $1; sub(/:$/, "", name); next }
    name == device' "/etc/netplan/60-$mesh.yaml"
}

# The tunnel as wg(8) writes it, with the keys that the file names.
np_tunnel() {
  np_lines "$mesh" | awk '
    function key(file,  line) {
      if ((getline line <file) > 0) { close(file); return line }
      print "cannot read " file | "cat >&2"
      unread = 1
    }
    function list(text) { gsub(/^[^[]*\[|\]$/, "", text); return text }
    $1 == "key:" { print "[Interface]"; print "PrivateKey = " key($2) }
    $1 == "port:" { print "ListenPort = " $2 }
    $1 == "mark:" { printf "FwMark = 0x%x\n", $2 }
    $1 == "#" { name = $2 }
    $2 == "keys:" { print "\n[Peer]"; print "# " name }
    $1 == "public:" { print "PublicKey = " $2 }
    $1 == "shared:" { print "PresharedKey = " key($2) }
    $1 == "allowed-ips:" { print "AllowedIPs = " list($0) }
    $1 == "endpoint:" { print "Endpoint = " $2 }
    $1 == "keepalive:" { print "PersistentKeepalive = " $2 }
    END { exit unread }'
}

# np_routes DEVICE: the prefix of each of its routes.
np_routes() { np_lines "$1" | awk '$2 == "to:" { print $3 }'; }

np_drop_in() { printf '%s\n' "/etc/systemd/network/10-netplan-$link_overlay.network.d/50-$mesh.conf"; }

# Each [BridgeFDB] as "MAC VTEP INTERFACE NODE".
np_entries() {
  awk '
    sub(/^# /, "") { name = $0 }
    sub(/^MACAddress=/, "") { mac = $0 }
    sub(/^Destination=/, "") { vtep = $0 }
    sub(/^OutgoingInterface=/, "") { print mac, vtep, $0, name }' "$(np_drop_in)"
}

np_read() {
  link_readable "/etc/netplan/60-$mesh.yaml" || return 1
  np_tunnel >"$scratch/tunnel.conf" || return 1
  np_lines "$mesh" | awk '$1 == "shared:" { print $2 }' >"$scratch/keys.used" || return 1
  np_routes "$mesh" >"$scratch/tunnel.routes" || return 1
  [ -n "$link_overlay" ] || return 0
  link_readable "$(np_drop_in)" || return 1
  np_routes "$link_overlay" >"$scratch/overlay.routes" || return 1
  np_entries >"$scratch/overlay.fdb"
}

# Leaves in $scratch what netplan makes of all the host's files, as at boot.
np_generate() {
  rm -rf "$scratch/netplan"
  for folder in lib etc run; do
    [ -d "/$folder/netplan" ] || continue
    mkdir -p "$scratch/netplan/$folder" && cp -pR "/$folder/netplan" "$scratch/netplan/$folder/" || return 1
  done
  # In a subshell, because networkd must be able to read what it makes.
  (umask 022; netplan generate --root-dir "$scratch/netplan") >"$scratch/netplan.log" 2>&1 && return 0
  cat "$scratch/netplan.log" >&2
  return 1
}

# Our interfaces' files, as netplan calls them.
np_names() {
  for interface in "$mesh" $link_overlay; do
    printf '%s\n' "10-netplan-$interface.netdev" "10-netplan-$interface.network"
  done
}

# Those that networkd was given otherwise, or not at all.
np_stale() {
  np_names | while read -r name; do
    cmp -s "$scratch/netplan/run/systemd/network/$name" "/run/systemd/network/$name" || printf '%s\n' "$name"
  done
}

# np_give NAME...: nothing but our own files. networkd takes any that is written anew for changed, and an
# uplink that changed is set up again.
np_give() {
  mkdir -p /run/systemd/network && chmod 755 /run/systemd/network || return 1
  for name in "$@"; do
    cp -p "$scratch/netplan/run/systemd/network/$name" /run/systemd/network/ || return 1
  done
}

# Has networkd make what is not there, and waits for it. It makes the VXLAN device as it sets up the tunnel, and
# that it does if the files are new. As it starts anew, it would for a moment take other addresses of the host away.
np_start() {
  with "$(np_names)" np_give || return 1
  if systemctl is-active --quiet systemd-networkd; then
    networkctl reload || return 1
  else
    systemctl start systemd-networkd || return 1
  fi
  link_networkd_await
}

# What may not be changed in place is made anew.
np_overlay() {
  ip link del "$link_overlay" 2>/dev/null
  np_start
}

apply_netplan() {
  permit 600 root:root "/etc/netplan/60-$mesh.yaml"
  [ -z "$link_overlay" ] || permit 644 root:root "$(np_drop_in)"
  link_networkd_permits
  link_permits
  if ! have netplan; then
    warn 'netplan is not installed: apt-get install netplan.io'
    return 1
  fi
  link_tools wg ip bridge networkctl || return 1
  link_key || return 1
  np_read || return 1
  if ! np_generate; then
    warn "netplan does not take this host's files; see above"
    return 1
  fi
  if ! link_exists "$mesh"; then
    change "start the tunnel $mesh" np_start || return 1
    dry && return 0
  fi
  link_apply np_overlay || return 1
  # networkd reads them when it is started the next time, and finds all of it as they say.
  if [ -n "$(np_stale)" ]; then
    change "give networkd its files of $(np_stale | paste -s -d ' ')" with "$(np_stale)" np_give || return 1
  fi
  link_settings
  link_networkd_keys
  link_moving_apply
  return 0
}

status_netplan() {
  link_networkd_status
  if ! np_generate 2>"$scratch/netplan.errors"; then
    bad "netplan: does not take this host's files: $(paste -s -d ' ' <"$scratch/netplan.errors")"
  elif [ -n "$(np_stale)" ]; then
    bad "netplan: networkd has other files than netplan makes: $(np_stale | paste -s -d ' ')"
  else
    ok 'netplan: networkd has the files that it makes'
  fi
  link_status np_read "/etc/netplan/60-$mesh.yaml" && link_settings_status
  return 0
}

# With the files of both devices gone, networkd does not make them again.
np_down() {
  rm -f "/etc/netplan/60-$mesh.yaml" "/etc/systemd/network/10-netplan-v$mesh.network.d/50-$mesh.conf"
  for name in $(np_names); do rm -f "/run/systemd/network/$name"; done
  ! systemctl is-active --quiet systemd-networkd || networkctl reload
}

remove_netplan() { link_remove np_down; }
beside_netplan() { link_beside; }
