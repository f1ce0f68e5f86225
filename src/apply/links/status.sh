# What --status says of the tunnel and the VXLAN device.

# While anything flows, a peer is heard of every two minutes; after three its session is void.
link_status_handshakes() {
  link_names >"$scratch/names"
  wg show "$mesh" latest-handshakes | awk -v time="$(date +%s)" -v clients=" $link_clients " '
    NR == FNR { at[$1] = $2; next }
    {
      if (!($1 in at)) print "bad", $2 ": not among the peers of the interface"
      else if (index(clients, " " $2 " ")) print "ok", $2 ": a client, " (at[$1] ? time - at[$1] " s ago" : "not yet")
      else if (at[$1] == 0) print "bad", $2 ": never"
      else if (time - at[$1] > 180) print "bad", $2 ": stale, " time - at[$1] " s ago"
      else print "ok", $2 ": " time - at[$1] " s ago"
    }' - "$scratch/names" >"$scratch/lines"
  while read -r verdict text; do
    "$verdict" "handshake with $text"
  done <"$scratch/lines"
}

# Packets that this host had to cut up, in both families.
link_status_fragments() {
  cat /proc/net/snmp /proc/net/snmp6 2>/dev/null | awk '
    $1 == "Ip:" && !column { for (i = 2; i <= NF; i++) if ($i == "FragCreates") column = i; next }
    $1 == "Ip:" { sum += $column }
    $1 == "Ip6FragCreates" { sum += $2 }
    END { print sum + 0 }'
}

# link_fits BYTES VTEP COUNT: whether a packet of so many, not to be cut up, is answered.
link_fits() { ping -n -q -M 'do' -c "$3" -i 0.3 -w "$((1 + $3))" -s "$(($1 - 28))" "$2" >/dev/null 2>&1; }

# link_status_width NAME VTEP: the largest packet that the peer answers, to within 4 bytes where that is not the tunnel's.
link_status_width() {
  if link_fits "$link_mtu" "$2" 3; then
    echo "ok $1: $link_mtu bytes in one piece" >>"$scratch/pings"
    echo "$1 $link_mtu" >>"$scratch/widths"
    return
  fi
  wide=$link_mtu
  narrow=84
  if link_fits "$narrow" "$2" 2; then
    while [ $((wide - narrow)) -gt 4 ]; do
      between=$(((wide + narrow) / 2))
      if link_fits "$between" "$2" 1; then narrow=$between; else wide=$between; fi
    done
    echo "bad $1: no answer to $link_mtu bytes in one piece, but to $narrow" >>"$scratch/pings"
    echo "$1 $narrow" >>"$scratch/widths"
  else
    echo "bad $1: no answer to $link_mtu bytes in one piece" >>"$scratch/pings"
  fi
}

# Asks each peer, fifty at a time, for the largest packet that the tunnel takes, not to be cut up. Who had nothing to say
# to this node for long has a handshake with it then, if there can be one.
link_status_ask() {
  : >"$scratch/pings"
  : >"$scratch/widths"
  if ! have ping; then
    warn 'ping is not installed, so the path MTU is not proved'
    return
  fi
  awk -v clients=" $link_clients " '
    $1 == "#" { name = $2 }
    $1 == "AllowedIPs" && !index(clients, " " name " ") { sub(/\/.*/, "", $3); print name, $3 }' \
    "$scratch/tunnel.conf" >"$scratch/vteps"
  fragments=$(link_status_fragments)
  batch=0
  while read -r name vtep; do
    link_status_width "$name" "$vtep" &
    batch=$((batch + 1))
    [ $((batch % 50)) != 0 ] || wait
  done <"$scratch/vteps"
  wait
  fragments=$(($(link_status_fragments) - fragments))
}

link_status_path() {
  have ping || return 0
  sort "$scratch/pings" >"$scratch/lines"
  while read -r verdict text; do
    "$verdict" "path to $text"
  done <"$scratch/lines"
  [ "$fragments" = 0 ] ||
    bad "path: this host cut packets up meanwhile; if nothing else here does, path-mtu in mesh.ini is too large"
}

# Where a peer answers from elsewhere than the file says, it has moved, or has several addresses.
link_status_endpoints() {
  link_endpoints_read
  link_astray >"$scratch/astray"
  link_silent <"$scratch/astray" >"$scratch/silent"
  link_names | awk '
    from == "names" { name[$1] = $2; next }
    from == "silent" { silent[$1]; next }
    { print $1 in silent ? "bad" : "ok", name[$1] ": " $3 ($1 in silent ? "" : ", where it answers") ", the file says " $2 }
  ' from=names - from=silent "$scratch/silent" from=astray "$scratch/astray" >"$scratch/lines"
  while read -r verdict text; do
    "$verdict" "endpoint of $text"
  done <"$scratch/lines"
}

link_status_overlay() {
  if ! ip link show dev "$link_overlay" >/dev/null 2>&1; then
    bad "overlay: $link_overlay is not there"
    return
  fi
  misfits=$(link_overlay_misfits)
  [ -z "$misfits" ] || bad "overlay: $link_overlay is not as it should be: ${misfits% }"
  if [ "$(link_mtu_of "$link_overlay")" = "$link_overlay_mtu" ]; then
    ok "overlay: MTU $link_overlay_mtu"
  else
    bad "overlay: the MTU of $link_overlay is $(link_mtu_of "$link_overlay"), not $link_overlay_mtu"
  fi
  link_overlay_wanted >"$scratch/fdb"
  link_overlay_found >"$scratch/fdb.found"
  comm -23 "$scratch/fdb" "$scratch/fdb.found" >"$scratch/fdb.new"
  comm -13 "$scratch/fdb" "$scratch/fdb.found" >"$scratch/fdb.old"
  [ ! -s "$scratch/fdb.new" ] || bad "overlay: forwarding entries are missing: $(link_overlay_named <"$scratch/fdb.new")"
  [ ! -s "$scratch/fdb.old" ] || bad "overlay: forwarding entries are left over: $(link_overlay_named <"$scratch/fdb.old")"
  [ -s "$scratch/fdb.new" ] || [ -s "$scratch/fdb.old" ] ||
    ok "overlay: forwarding entries $(awk 'END { print NR }' "$scratch/fdb"), as in the file"
}
