# The tunnel as facts: what is wanted, what is there, and how they differ.

# Prints "KEY NAME" of each peer in the file.
link_names() {
  awk '$1 == "[Peer]" { name = "" } $1 == "#" { name = $2 } $1 == "PublicKey" { print $3, name }' \
    "$scratch/tunnel.conf"
}

# link_facts: a configuration on standard input as one fact a line, for comparison. Endpoints are left out:
# they move with the peer.
link_facts() {
  awk '
    $1 == "[Interface]" { of = "interface" }
    $1 == "ListenPort" || $1 == "FwMark" { print of, $1, $3 }
    $1 == "PublicKey" { of = $3; print of, "peer" }
    $1 == "PresharedKey" { print of, "psk", $3 }
    $1 == "PersistentKeepalive" && $3 != "off" && $3 != 0 { print of, "keepalive", $3 }
    $1 == "AllowedIPs" { gsub(",", " "); for (i = 3; i <= NF; i++) print of, "ip", $i }
  '
}

link_public_key() { sed -n 's/^PrivateKey = //p' "$scratch/tunnel.conf" | wg pubkey; }

# Leaves in $scratch what is wanted and what is there; true if they differ, but for endpoints.
link_differs() {
  {
    link_facts <"$scratch/tunnel.conf"
    printf 'interface key %s\n' "$(link_public_key)"
  } | sort -u >"$scratch/wanted"
  {
    wg showconf "$mesh" | link_facts | link_unstaged
    printf 'interface key %s\n' "$(wg show "$mesh" public-key)"
  } | sort -u >"$scratch/found"
  ! cmp -s "$scratch/wanted" "$scratch/found"
}

# link_list: the lines of standard input as one phrase.
link_list() {
  awk '{ if (NR <= 5) text = text (NR > 1 ? ", " : "") $0 }
    END { print text (NR > 5 ? " and " NR - 5 " more" : "") }'
}

# Says in words how what is wanted differs from what is there.
link_difference() {
  { link_names; echo "interface this node's own settings"; } >"$scratch/names"
  awk '$2 == "peer" { print $1 }' "$scratch/wanted" >"$scratch/wanted.peers"
  awk '$2 == "peer" { print $1 }' "$scratch/found" >"$scratch/found.peers"
  comm -23 "$scratch/wanted.peers" "$scratch/found.peers" | link_named >"$scratch/added"
  comm -13 "$scratch/wanted.peers" "$scratch/found.peers" >"$scratch/removed"
  comm -3 "$scratch/wanted" "$scratch/found" | awk '{ print $1 }' | sort -u |
    grep -vxF -f "$scratch/removed" | link_named | grep -vxF -f "$scratch/added" >"$scratch/changed"
  text=
  [ ! -s "$scratch/added" ] || text="$text; add $(link_list <"$scratch/added")"
  [ ! -s "$scratch/removed" ] || text="$text; remove $(sed 's/^\(.\{8\}\).*/\1.../' "$scratch/removed" | link_list)"
  [ ! -s "$scratch/changed" ] || text="$text; change $(link_list <"$scratch/changed")"
  printf '%s\n' "${text#; }"
}

# link_named: keys on standard input as the peers' names, in the file's order.
link_named() {
  awk 'from == "keys" { wanted[$1]; next }
    { key = $1; sub(/^[^ ]* /, ""); if (key in wanted) { print; delete wanted[key] } }
    END { for (key in wanted) print key }' from=keys - from=names "$scratch/names"
}
