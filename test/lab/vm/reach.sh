# shellcheck shell=sh
# Who reaches whom: the part of lib.sh that has the containers ask each other. Sourced by it.
# shellcheck disable=SC2154 # lib.sh says where and what

# Containers that are in no network any more, and of which nothing is to be heard.
lonely=

# Every address of every container: as many as are expected, or none.
addresses() {
  : >"$work/addresses"
  for node in $nodes; do
    vm "$node" python3 /root/probe.py "$client" list >>"$work/addresses" || return 1
  done
  # Nobody gives a lonely one its addresses: it is asked at those that it had.
  for name in $lonely; do
    awk -v name="$name" 'from == "known" ? $2 == name : $2 != name' from=known "$work/known" \
      from=found "$work/addresses" >"$work/found"
    cp "$work/found" "$work/addresses"
  done
  [ "$(awk 'NF == 4' "$work/addresses" | wc -l)" = "$1" ]
}

listen() {
  vm "$1" sh -c "systemctl stop probe 2>/dev/null
    systemd-run -q --unit=probe --collect python3 /root/probe.py $client serve"
}

# shellcheck disable=SC2086 # lists of words
ask() { "$VMLAB" exec "$1" -i -t 1800 -- python3 /root/probe.py "$client" ask ${shared-} $lonely <"$work/addresses"; }

# On a slow machine LXD gives up its own hook that starts a container (lxc.hook.pre-start), and does not try again.
start_given_up() {
  vm "$1" sh -c "$client list status=stopped --format csv -c n </dev/null | while read -r name; do
    echo \"the daemon gave \$name up: started by hand\"
    $client start \$name </dev/null
  done"
}

# reach COUNT: all containers, of which there are COUNT, ask all, until each hears what it should, or for long.
reach() {
  begun=$(date +%s)
  helped=
  until addresses "$1"; do
    [ $(($(date +%s) - begun)) -lt 600 ] || break
    if [ -z "$helped" ] && [ $(($(date +%s) - begun)) -gt 200 ]; then
      for node in $nodes; do start_given_up "$node"; done
      helped=yes
    fi
    sleep 5
  done
  sed 's/^/          /' "$work/addresses"
  for node in $nodes; do listen "$node"; done
  while :; do
    rm -f "$work"/node?.asked
    for node in $nodes; do
      ask "$node" >"$work/$node.asked" 2>&1 &
      eval "job_$node=$!"
    done
    for node in $nodes; do eval "wait \$job_$node" || :; done
    sort "$work"/node?.asked >"$work/asked"
    ! grep -q '^BAD\|^Trace' "$work/asked" || [ $(($(date +%s) - begun)) -ge 900 ] || continue
    break
  done
  say "all answers after $(($(date +%s) - begun)) s"
  table
  wanted=$(($1 * ($1 - 1) * 2))
  if grep -v '^ok' "$work/asked" >"$work/wrong" || [ "$(grep -c '^ok' "$work/asked")" != "$wanted" ]; then
    bad "of $wanted answers $(grep -c '^ok' "$work/asked") are right" "$work/wrong"
  else
    ok "$wanted answers, all as they should be"
  fi
}

# From each network to each: how many of the answers were right.
table() {
  awk '{ key = sprintf("%-8s -> %-8s %-8s", $2, $3, $4 == "to" ? "reaches" : "is apart"); all[key]++ }
    $1 == "ok" { right[key]++ }
    END { for (key in all) printf "          %s %d of %d\n", key, right[key], all[key] }' "$work/asked" | sort
}

# Packets from each container to each address of those that it is to reach, with $pause seconds between them.
pause=0.2

traffic() {
  "$VMLAB" exec "$1" -i -- sh -c "cat >/run/addresses; rm -f /run/lost
    systemd-run -q --unit=traffic --collect -p KillMode=mixed -p StandardInput=file:/run/addresses \
      python3 /root/probe.py $client traffic /run/lost $pause ${shared-} $lonely" <"$work/addresses"
}

# How many of them came back.
counted() { vm "$1" sh -c 'systemctl stop traffic; cat /run/lost' | tee "$work/$1.lost" && [ -s "$work/$1.lost" ]; }

# All of them; the last may still be on its way.
lost() { counted "$1" && ! sed 's/.*: //' "$work/$1.lost" | awk '$1 - $4 > 1' | grep -q .; }
