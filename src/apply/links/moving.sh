# Peers that are dialled by a name, which follow-names.sh looks up again.

link_moving_apply() {
  [ -n "$link_moving" ] || return 0
  permit 644 root:root "/etc/ciab/$mesh.names" /etc/ciab/follow-names.conf \
    /etc/systemd/system/ciab-names.timer /etc/systemd/system/ciab-names.service
  permit 755 root:root /etc/ciab/follow-names.sh
  if [ ! -d /run/systemd/system ]; then
    advise 'systemd does not run here: run "sh /etc/ciab/follow-names.sh" three times a minute, to follow peers whose names move'
  elif ! systemctl is-active --quiet ciab-names.timer; then
    change 'look names of silent peers up again' systemctl start ciab-names.timer
  fi
  return 0
}

# What each name is, where WireGuard has its peer, and since when nothing came from there.
link_moving_status() {
  [ -n "$link_moving" ] || return 0
  if [ -d /run/systemd/system ] && ! systemctl is-active --quiet ciab-names.timer; then
    bad 'names: ciab-names.timer does not run, so that peers whose names move are lost'
  fi
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
