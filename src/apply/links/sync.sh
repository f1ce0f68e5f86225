# How wg is given what differs. Not by "wg syncconf": that gives every peer its allowed IPs anew, and between
# the old ones and the new ones it has none, so that packets of peers that stay as they are get lost.

# Prints what is to be done, from what link_differs and link_endpoints_differ have left: "set" and "own" with
# words for wg set, "key" for the node's own key, "new", "moved" and "old" with a peer's key. A preshared key
# goes to a file, because everybody on this host can read command lines.
link_changes() {
  mkdir -p "$scratch/keys" || return 1
  {
    comm -23 "$scratch/wanted" "$scratch/found" | sed 's/^/+ /'
    comm -13 "$scratch/wanted" "$scratch/found" | sed 's/^/- /'
    sed 's/ / endpoint /; s/^/+ /' "$scratch/endpoints.new"
  } | awk -v keys="$scratch/keys" '
    function option(of, what, word, none) {
      if (("+", of, what) in value) return " " word " " value["+", of, what]
      return ("-", of, what) in value ? " " word " " none : ""
    }
    { all[$2]; value[$1, $2, $3] = $4 }
    END {
      own = option("interface", "ListenPort", "listen-port", 0) option("interface", "FwMark", "fwmark", "off")
      if (own != "") print "own" own
      if (("+", "interface", "key") in value) print "key"
      delete all["interface"]
      for (peer in all) {
        if (("+", peer, "peer") in value) { print "new", peer; continue }
        if (("-", peer, "peer") in value) { print "old", peer; continue }
        if (("+", peer, "ip") in value || ("-", peer, "ip") in value) print "moved", peer
        if (("+", peer, "psk") in value) {
          file = keys "/" ++count
          print value["+", peer, "psk"] >file
          close(file)
          value["+", peer, "psk"] = file
        }
        words = option(peer, "psk", "preshared-key", "/dev/null") option(peer, "endpoint", "endpoint")
        words = words option(peer, "keepalive", "persistent-keepalive", "off")
        if (words != "") print "set peer", peer words
      }
    }'
}

# link_set: the words on standard input, many lines at a time. Addresses in brackets are patterns to a shell.
link_set() (
  set -f
  set --
  while read -r words; do
    for word in $words; do set -- "$@" "$word"; done
    [ $# -ge 400 ] || continue
    wg set "$mesh" "$@" || exit 1
    set --
  done
  [ $# = 0 ] || wg set "$mesh" "$@"
)

# Prints the sections of peers that are new, and of those with other allowed IPs no more than these.
link_sections() {
  awk 'from == "changes" { if ($1 == "new" || $1 == "moved") is[$2] = $1; next }
    /^\[/ { what = "" }
    $1 == "PublicKey" && $3 in is { what = is[$3]; print "[Peer]"; print; next }
    what == "new" && /^[A-Z]/ || what == "moved" && $1 == "AllowedIPs"
  ' from=changes "$scratch/changes" from=file "$scratch/tunnel.conf"
}

# The own port before peers' endpoints: a packet that leaves by the old port moves the peer's idea of us back to it.
# Everything of a peer before the handshakes that need it, and new peers before the old ones that they may
# replace. An allowed IP belongs to one peer: given to another, it is taken from the first.
link_sync() {
  link_changes >"$scratch/changes" || return 1
  sed -n 's/^own //p' "$scratch/changes" | link_set || return 1
  sed -n 's/^set //p' "$scratch/changes" | link_set || return 1
  if grep -qx key "$scratch/changes"; then
    sed -n 's/^PrivateKey = //p' "$scratch/tunnel.conf" >"$scratch/keys/own"
    wg set "$mesh" private-key "$scratch/keys/own" || return 1
  fi
  link_sections >"$scratch/sections"
  [ ! -s "$scratch/sections" ] || wg addconf "$mesh" "$scratch/sections" || return 1
  sed -n 's/^old \(.*\)/peer \1 remove/p' "$scratch/changes" | link_set || return 1
  link_differs || return 0
  # Somebody else is changing it at the same time: all of it at once, then.
  wg syncconf "$mesh" "$scratch/tunnel.conf"
}
