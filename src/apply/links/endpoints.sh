# Where peers are. A peer's packets move its endpoint (roaming), and know better than the file where it is now: as long as
# they come from where it still is. Two that change their ports at the same time may each hear the other from its old one
# last, and then send to where nobody is.

# Leaves in $scratch "KEY ENDPOINT" of each peer that has one in the file.
link_endpoints_read() {
  awk '$1 == "PublicKey" { key = $3 } $1 == "Endpoint" { print key, $3 }' "$scratch/tunnel.conf" >"$scratch/endpoints"
}

# Prints "KEY FILE RUNNING" of each peer that is looked for elsewhere than the file says; names are not looked up.
link_astray() {
  wg show "$mesh" endpoints | awk '
    from == "file" { if ($2 ~ /^([0-9.]+|\[[0-9a-f:]+\]):[0-9]+$/) wanted[$1] = $2; next }
    $1 in wanted && $2 != wanted[$1] { print $1, wanted[$1], $2 }' from=file "$scratch/endpoints" from=wg -
}

# link_silent: prints of the lines on standard input, which begin with a key, those whose peer does not answer. Fifty are
# asked at a time, and each of them then knows where this node is.
link_silent() {
  cat >"$scratch/asked"
  if ! have ping; then
    wg show "$mesh" latest-handshakes | awk -v time="$(date +%s)" '
      from == "wg" { if (time - $2 > 180) silent[$1]; next }
      $1 in silent' from=wg - from=asked "$scratch/asked"
    return
  fi
  : >"$scratch/answered"
  awk '
    from == "asked" { asked[$1]; next }
    $1 == "PublicKey" { key = $3 }
    $1 == "AllowedIPs" && key in asked { sub(/\/.*/, "", $3); print key, $3 }
  ' from=asked "$scratch/asked" from=file "$scratch/tunnel.conf" >"$scratch/asked.vteps"
  batch=0
  while read -r key vtep; do
    { ! ping -n -q -c 1 -w 2 "$vtep" >/dev/null 2>&1 || printf '%s\n' "$key" >>"$scratch/answered"; } &
    batch=$((batch + 1))
    [ $((batch % 50)) != 0 ] || wait
  done <"$scratch/asked.vteps"
  wait
  awk 'from == "answered" { answered[$1]; next } !($1 in answered)' \
    from=answered "$scratch/answered" from=asked "$scratch/asked"
}

# Leaves in $scratch the endpoints to be given to wg; true if there are any. They are those that are not as in
# the file last applied, and those of peers that are looked for elsewhere than the file says, and do not answer there.
link_endpoints_differ() {
  link_endpoints_read
  {
    if [ -e "/run/ciab/$mesh.endpoints" ]; then
      wg show "$mesh" endpoints >"$scratch/endpoints.now"
      awk '
        from == "now" { found[$1] = $2; next }
        from == "last" { last[$1] = $2; next }
        $1 in found && found[$1] != $2 && last[$1] != $2' from=now "$scratch/endpoints.now" \
        from=last "/run/ciab/$mesh.endpoints" from=file "$scratch/endpoints"
    fi
    link_astray | link_silent | cut -d ' ' -f 1,2
  } | sort -u >"$scratch/endpoints.new"
  [ -s "$scratch/endpoints.new" ]
}

# What the file said when it was applied, to tell its changes from moves of the peers.
link_remember_endpoints() {
  mkdir -p /run/ciab && cp "$scratch/endpoints" "/run/ciab/$mesh.endpoints"
}

# link_meet: after a change of ports or endpoints, whoever is looked for elsewhere than the file says is looked for there
# once more: who does not answer, and who answers where he was before his endpoint changed. His packets by the old path
# move it back for as long as he has not heard from here by the new one.
link_meet() {
  {
    sed -n 's/^set peer \([^ ]*\) .*endpoint .*/\1 endpoint/p' "$scratch/changes"
    ! grep -q '^own .*listen-port' "$scratch/changes" || sed -n 's/^PublicKey = //p' "$scratch/tunnel.conf"
  } >"$scratch/moved"
  [ -s "$scratch/moved" ] || return 0
  for _ in 1 2 3 4 5; do
    cut -d ' ' -f 1 "$scratch/moved" | sort -u | link_silent >"$scratch/silent"
    link_astray >"$scratch/astray"
    awk '
      from == "moved" { if ($2 != "") changed[$1]; next }
      from == "silent" { silent[$1]; next }
      $1 in silent || $1 in changed { print "peer", $1, "endpoint", $2 }
    ' from=moved "$scratch/moved" from=silent "$scratch/silent" from=astray "$scratch/astray" >"$scratch/misled"
    [ -s "$scratch/misled" ] || return 0
    link_set <"$scratch/misled"
  done
}
