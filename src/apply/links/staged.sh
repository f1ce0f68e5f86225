# Peers that are about to have another key. From the day on that follow-keys.sh knows of them until this
# node's own file has them, or they are dropped, the interface is right where it differs from the file. A key
# that was dropped is not believed, even of a peer that uses it already: that may be why it was.

# link_followed: makes tunnel.conf what follow-keys.sh has made of the tunnel. A peer that uses its next key
# already is written with that one. What the interface has besides and without addresses, a key of before or a
# next one that is not used yet, is left in $scratch for link_differs to pass over.
link_followed() {
  link_past=
  : >"$scratch/staged"
  [ -e "/etc/ciab/$mesh.next" ] || return 0
  # It stays on the host when it is in the tree no more.
  if [ -z "$link_staged" ]; then
    link_past=yes
    return 0
  fi
  {
    wg show "$mesh" allowed-ips && wg show "$mesh" latest-handshakes | sed 's/^/heard /'
  } >"$scratch/allowed" || return 1
  awk -v staged="$scratch/staged" '
    from == "kernel" && $1 == "heard" { at[$2] = $3; next }
    from == "kernel" { first[$1] = $2; next }
    {
      key = replaced = ""
      for (i = 2; i < NF; i++) {
        if ($i == "PublicKey") key = $(i + 2)
        if ($i == "replaces:") replaced = $(i + 1)
      }
    }
    from == "next" {
      if (key in first) { after[replaced] = key; section[replaced] = $0 }
      next
    }
    # One that has gone back to the key of before was last heard of under that.
    key in after {
      if (first[after[key]] == "(none)" || at[key] > at[after[key]]) print after[key] >staged
      else { print key >staged; $0 = section[key] }
    }
    { print $0 "\n" }
  ' from=kernel "$scratch/allowed" RS= from=next "/etc/ciab/$mesh.next" from=file "$scratch/tunnel.conf" \
    >"$scratch/tunnel.followed" || return 1
  mv "$scratch/tunnel.followed" "$scratch/tunnel.conf"
}

# Facts on standard input, but for those of peers that link_followed has found.
link_unstaged() {
  awk 'from == "staged" { staged[$1]; next } !($1 in staged)' from=staged "$scratch/staged" from=facts -
}

# Before the interface is looked at: follow-keys.sh, if it waits, would teach it the next key again.
link_forget_staged() {
  [ -z "$link_past" ] ||
    change "delete /etc/ciab/$mesh.next and follow-keys.sh: no peer is about to have another key" \
      rm -f "/etc/ciab/$mesh.next" /etc/ciab/follow-keys.sh /etc/ciab/follow-keys.conf
}
