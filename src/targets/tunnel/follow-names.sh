#!/bin/sh
# A program of ciab-gen's, the same on every node of every mesh. What differs between nodes is in
# /etc/ciab/follow-names.conf, and in the file of peers that are dialled by a name.
#
# Usage: sh /etc/ciab/follow-names.sh
#
# WireGuard looks a name up once, when it is told of it. A timer of systemd's runs this three times a minute: of each peer
# that is dialled by a name and that packets are sent to, and nothing has come back from for a quarter of a minute, it looks
# the name up again, and tells WireGuard the address if it is another. No other peer is touched, nor is one that is heard,
# wherever it is: it has moved and said so itself.
set -eu
umask 077
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL

# Seconds after which a peer that does not answer is silent. WireGuard answers data within 10, and what starts a session at
# once (KEEPALIVE_TIMEOUT, REKEY_TIMEOUT); only a keepalive, of 32 bytes, is answered by nothing.
patience=15

[ $# = 0 ] || { echo 'Usage: sh /etc/ciab/follow-names.sh' >&2; exit 2; }
[ -r /etc/ciab/follow-names.conf ] || { echo 'follow-names.sh: cannot read /etc/ciab/follow-names.conf' >&2; exit 1; }
# shellcheck source=/dev/null # each node has another
. /etc/ciab/follow-names.conf
names=/etc/ciab/$mesh.names
[ -r "$names" ] || { echo "follow-names.sh: cannot read $names" >&2; exit 1; }
# There is nobody to tell: the tunnel looks all names up as it starts.
dump=$(wg show "$mesh" dump 2>/dev/null) || exit 0
mkdir -p /run/ciab
heard=/run/ciab/$mesh.heard
[ -e "$heard" ] || : >"$heard"

# $heard has for each peer the bytes received, when these had grown last, and the bytes sent by then. Prints
# "KEY ENDPOINT HOST PORT NAME" of those that are silent. One without an endpoint is sent nothing.
silent=$(printf '%s\n' "$dump" | awk -v now="$(date +%s)" -v patience="$patience" -v after="$heard.new" '
  from == "heard" { bytes[$1] = $2; at[$1] = $3; sent[$1] = $4; next }
  from == "kernel" { if (FNR > 1) { end[$1] = $3; got[$1] = $6; put[$1] = $7; pause[$1] = $8 + 0 }; next }
  from != "names" || $1 == "#" || !($1 in end) { next }
  !($1 in at) || bytes[$1] != got[$1] || at[$1] > now { bytes[$1] = got[$1]; at[$1] = now; sent[$1] = put[$1] }
  { print $1, bytes[$1], at[$1], sent[$1] >after }
  {
    quiet = now - at[$1]
    keepalives = pause[$1] > 0 ? 1 + quiet / pause[$1] : 0
    if (end[$1] == "(none)" || (quiet >= patience && put[$1] - sent[$1] > 32 * keepalives))
      print $1, end[$1], $2, $3, $4
  }
  END { printf "" >after }
' from=heard "$heard" from=kernel - from=names "$names")
mv "$heard.new" "$heard"

printf '%s\n' "$silent" | while read -r key endpoint host port name; do
  [ -n "$key" ] || continue
  addresses=$(timeout 5 getent ahosts "$host" | awk '!seen[$1]++ { print $1 }') || addresses=
  if [ -z "$addresses" ]; then
    echo "$mesh: $name is silent, and $host cannot be looked up"
    continue
  fi
  now=${endpoint%:*}
  now=${now#\[}
  ! printf '%s\n' "$addresses" | grep -qxF -e "${now%\]}" || continue
  # The first, as WireGuard itself would take it (RFC 6724).
  first=$(printf '%s\n' "$addresses" | head -n 1)
  case $first in *:*) first=[$first] ;; esac
  wg set "$mesh" peer "$key" endpoint "$first:$port" || continue
  echo "$mesh: $name is silent at $endpoint, and $host is $first now"
done
