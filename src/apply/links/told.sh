# The tunnel and its peers for programs: what --status --json has beside its lines.

# What has been received and sent until now; true where it is to be told.
link_told_begin() {
  [ -n "$json" ] || return 0
  link_told_since=$(date +%s)
  wg show "$mesh" transfer >"$scratch/transfer"
}

# Prints "ADDRESS MTU" of where peers are: what the kernel has been told of the way there, or the device's own.
link_told_ways() {
  wg show "$mesh" endpoints | sed -n 's/.*\t\[\{0,1\}\([0-9a-f.:]*[0-9a-f]\)\]\{0,1\}:[0-9]*$/route get \1/p' | sort -u >"$scratch/ways"
  ip -o link show >"$scratch/devices"
  ip -o -force -batch "$scratch/ways" 2>/dev/null | awk '
    from == "devices" {
      name = $2
      sub(/(@.*)?:$/, "", name)
      for (i = 3; i < NF; i++) if ($i == "mtu") of[name] = $(i + 1)
      next
    }
    {
      dev = mtu = ""
      for (i = 2; i < NF; i++) { if ($i == "dev") dev = $(i + 1); if ($i == "mtu") mtu = $(i + 1) }
      print $1 == "local" || $1 == "unreachable" ? $2 : $1, mtu ? mtu : of[dev]
    }' from=devices "$scratch/devices" from=ways -
}

# A peer without a session tries again every five seconds (Rekey-Timeout): so long it is listened to whoever is not heard.
link_told() {
  [ -n "$json" ] || return 0
  link_told_now=$(date +%s)
  link_told_left=$((link_told_since + 6 - link_told_now))
  ! wg show "$mesh" latest-handshakes | awk -v time="$link_told_now" 'time - $2 > 180 { found = 1 } END { exit !found }' ||
    [ "$link_told_left" -le 0 ] || sleep "$link_told_left"
  link_names >"$scratch/names"
  link_told_ways >"$scratch/ways.found"
  # The first line is this node's own, and has its key. Numbers may be larger than awk prints by itself.
  wg show "$mesh" dump | awk -v OFS='\t' -v time="$(date +%s)" -v took="$(($(date +%s) - link_told_since))" \
    -v mtu="$(link_mtu_of "$mesh")" '
    from == "names" { name[$1] = $2; next }
    from == "widths" { width[$1] = $2; next }
    from == "before" { received[$1] = $2; sent[$1] = $3; next }
    from == "ways" { way[$1] = $2; next }
    ++count == 1 { print "tunnel", "publicKey", $2, "#listenPort", $3, "#mtu", mtu, "#listened", took; next }
    {
      at = $3
      sub(/:[0-9]+$/, "", at)
      gsub(/[][]/, "", at)
      who = name[$1]
      print "peers", "name", (who == "" ? "-" : who), "publicKey", $1, "endpoint", ($3 == "(none)" ? "-" : $3), \
        "#handshake", ($5 ? sprintf("%.0f", time - $5) : "-"), "#received", $6, "#sent", $7, \
        "#receivedNow", sprintf("%.0f", $6 - received[$1]), "#sentNow", sprintf("%.0f", $7 - sent[$1]), \
        "#mtu", (who in width ? width[who] : "-"), "#pathMtu", (way[at] == "" ? "-" : way[at])
    }' from=names "$scratch/names" from=widths "$scratch/widths" from=before "$scratch/transfer" \
    from=ways "$scratch/ways.found" from=dump - >>"$scratch/facts"
}
