# Peers that are dialled by a name, which follow-names.sh looks up again.

link_moving_apply() {
  [ -n "$link_moving" ] || return 0
  permit 644 root:root "/etc/ciab/$mesh.names" /etc/ciab/follow-names.conf
  units_time names follow-names.sh 'look names of silent peers up again' 'to follow peers whose names move'
}

# What each name is, where WireGuard has its peer, and since when nothing came from there.
link_moving_status() {
  [ -n "$link_moving" ] || return 0
  units_timed names || bad 'names: ciab-names.timer does not run, so that peers whose names move are lost'
  wg show "$mesh" dump | awk -v time="$(date +%s)" '
    NR == FNR { end[$1] = $3; at[$1] = $5; next }
    $1 == "#" || !($1 in end) { next }
    end[$1] == "(none)" { print "bad", $4 ": " $2 " is no address yet"; next }
    { print "ok", $4 ": " $2 " is " end[$1] ", " (at[$1] > 0 ? "heard " time - at[$1] " s ago" : "never heard") }
  ' - "/etc/ciab/$mesh.names" >"$scratch/lines"
  while read -r verdict text; do
    "$verdict" "name of $text"
  done <"$scratch/lines"
}
