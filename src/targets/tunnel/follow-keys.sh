#!/bin/sh
# A program of ciab-gen's, the same on every node of every mesh. What differs between nodes is in
# /etc/ciab/follow-keys.conf, and in the file of next keys.
#
# Usage: sh /etc/ciab/follow-keys.sh [--background | --wait SECONDS]
#
# Waits, for an hour if not told otherwise, until peers of the mesh that are about to have another key use it,
# and moves their addresses to it in that moment. Until then nothing changes. Run it as root on every node
# that has it, before the new key is brought to its owner. Once this node's own files have that key, apply.sh takes
# the old one away, and this script; where the next key was dropped meanwhile, that one. Running it again changes
# nothing: a peer that has gone back to the key of before keeps that until it uses the next one once more.
#
# An address belongs to one peer (cryptokey routing), so a node cannot be believed under two keys at once. But
# its next key can be known as that of a peer without addresses: the handshake then succeeds, and its time
# says when the addresses have to move.
set -eu
umask 077
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

seconds=3600
background=
case "$#:${1-}" in
  0:) ;;
  1:--background) background=yes ;;
  2:--wait) seconds=$2 ;;
  *) echo 'Usage: sh /etc/ciab/follow-keys.sh [--background | --wait SECONDS]' >&2; exit 2 ;;
esac
[ -r /etc/ciab/follow-keys.conf ] || { echo 'follow-keys.sh: cannot read /etc/ciab/follow-keys.conf' >&2; exit 1; }
# shellcheck source=/dev/null # each node has another
. /etc/ciab/follow-keys.conf
next=/etc/ciab/$mesh.next
[ -s "$next" ] || { echo "follow-keys.sh: there is no $next: no peer is about to have another key" >&2; exit 1; }
wg show "$mesh" >/dev/null || exit 1

# section KEY: the peer's part of the file.
section() { awk -v RS= -v key="$1" 'index($0 "\n", "PublicKey = " key "\n")' "$next"; }

name() { section "$1" | sed -n 's/^# \([^ ]*\)$/\1/p'; }

# Known, but without an address: what it says is not believed, and nothing is sent to it.
learn() { section "$1" | grep -v -e '^AllowedIPs' -e '^PersistentKeepalive' | wg addconf "$mesh" /dev/stdin; }

# An address that another peer had goes with it. The endpoint stays: a name would have to be looked up.
follow() {
  section "$1" | grep -v '^Endpoint' | wg addconf "$mesh" /dev/stdin || return 1
  echo "$mesh: $(name "$1") has its next key"
}

# Prints "learn=KEY", "follow=KEY" or "done=KEY" for what is due of the keys given. Of two handshakes in one
# second nobody knows the later one: then it is the next key's, or a peer would not be heard for minutes.
due() {
  wg show "$mesh" dump 2>/dev/null | awk -v keys="$*" '
    from == "next" && $1 == "PublicKey" { next_key = $3 }
    from == "next" && $2 == "replaces:" { before[next_key] = $3 }
    from == "next" { next }
    FNR > 1 { addresses[$1] = $4; at[$1] = $5 }
    END {
      count = split(keys, key, " ")
      for (i = 1; i <= count; i++)
        if (!(key[i] in at)) print "learn=" key[i]
        else if (addresses[key[i]] != "(none)") print "done=" key[i]
        else if (at[key[i]] > 0 && at[key[i]] >= at[before[key[i]]] + 0) print "follow=" key[i]
    }' from=next "$next" from=kernel -
}

left=$(sed -n 's/^PublicKey = //p' "$next" | tr '\n' ' ')
for key in $left; do
  case $(due "$key") in learn*) learn "$key" ;; esac
done

if [ -n "$background" ]; then
  mkdir -p /run/ciab
  setsid sh "$0" </dev/null >/run/ciab/follow-keys.log 2>&1 &
  echo "waiting in the background; what becomes of it is in /run/ciab/follow-keys.log"
  exit 0
fi

end=$(($(date +%s) + seconds))
while [ -n "${left# }" ]; do
  [ -e "$next" ] || { echo "follow-keys.sh: $next is gone, and nothing left to follow" >&2; exit 0; }
  # The file may go at any moment.
  for word in $(due "$left" 2>/dev/null); do
    key=${word#*=}
    case $word in
      learn=*) learn "$key" 2>/dev/null || : ;;
      follow=*) follow "$key" 2>/dev/null || : ;;
      # It has its addresses, from here or from apply.sh.
      done=*) left=$(printf '%s' "$left" | tr ' ' '\n' | grep -vxF -e "$key" | tr '\n' ' ') || : ;;
    esac
  done
  [ -n "${left# }" ] || break
  if [ "$(date +%s)" -ge "$end" ]; then
    for key in $left; do
      echo "follow-keys.sh: $(name "$key") has not used its next key" >&2
    done
    exit 1
  fi
  sleep 0.1
done
