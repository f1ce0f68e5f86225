# shellcheck shell=sh
# What the scenarios on virtual machines have in common. Sourced, with $here set.
# shellcheck disable=SC2154 # the scenario says where it is

: "${VMLAB:?says where the tool is that has virtual machines: with the subcommands up, push, exec, reboot and down}"
daemon=${VMLAB_CT:-lxd}
case $daemon in lxd) client=lxc ;; *) client=$daemon ;; esac
nodes='node1 node2 node3'
work=$(mktemp -d)
faults=0
started=$(date +%s)
trap 'cleanup' EXIT
trap 'exit 130' INT TERM

cleanup() {
  [ "${KEEP-}" = 1 ] || "$VMLAB" down
  rm -rf "$work"
}

say() { printf '%5ds  %s\n' $(($(date +%s) - started)) "$*"; }
title() { printf '\n'; say "== $*"; }

ok() { say "ok   $*"; }

# bad WHAT [FILE]: FILE tells more.
bad() {
  faults=$((faults + 1))
  say "BAD  $1"
  [ -z "${2-}" ] || sed 's/^/          /' "$2"
}

# check WHAT COMMAND...: whether it succeeds; what it printed shows only if not.
check() {
  what=$1
  shift
  if "$@" >"$work/check" 2>&1; then ok "$what"; else bad "$what" "$work/check"; fi
}

gen() { node "${CIAB_GEN:-$here/../../../bin/ciab-gen.js}" -C "$work/mesh" "$@"; }

vm() {
  machine=$1
  shift
  "$VMLAB" exec "$machine" -t 1800 -- "$@"
}

# each WHAT COMMAND...: COMMAND NODE for every node, all at once.
each() {
  what=$1
  shift
  for node in $nodes; do
    { code=0; "$@" "$node" >"$work/$node.said" 2>&1 || code=$?; echo "$code" >"$work/$node.code"; } &
    eval "job_$node=$!"
  done
  for node in $nodes; do
    eval "wait \$job_$node"
    if [ "$(cat "$work/$node.code")" = 0 ]; then ok "$node: $what"; else bad "$node: $what" "$work/$node.said"; fi
  done
}

# The commands of a node's notes for the first time, in their order.
first_time() {
  awk '/^## /{ on = /^## The first time/ } /^```/{ code = $0 == "```sh"; next } on && code' "$work/mesh/out/_mesh/$1.md" \
    >"$work/$1.notes"
  # shellcheck disable=SC2086 # a list of packages
  while read -r line <&3; do
    echo "$1# $line"
    case $line in
      # The machines have no way to a package source, but must have what the notes want.
      'apt-get install -t '*) vm "$1" sh -c "command -v $client" ;;
      'apt-get install '*) vm "$1" dpkg -s ${line#apt-get install} >/dev/null ;;
      # There is no SSH; what the tool unpacks is the same tree in the same way.
      'tar -C out/'*) copy "$1" ;;
      # That is for hosts whose uplink is not networkd's.
      *systemd-networkd-wait-online*) ;;
      *) vm "$1" sh -c "$line" ;;
    esac || return 1
  done 3<"$work/$1.notes"
}

copy() { "$VMLAB" push "$1" "$work/mesh/out/$1"; }

apply() { vm "$1" sh /etc/ciab/apply.sh; }

settled() {
  apply "$1" >"$work/$1.settled"
  cat "$work/$1.settled"
  grep -qx 'nothing changed' "$work/$1.settled"
}

status() { vm "$1" sh /etc/ciab/apply.sh --status; }

tools() {
  # A directory each, since all machines are seen to at once.
  mkdir -p "$work/$1.tools/root" "$work/$1.tools/etc/default"
  cp "$here/probe.py" "$work/$1.tools/root/"
  # An emulated machine may need longer than the 20 s that FRR's watchfrr gives each daemon to start.
  echo 'watchfrr_options="-T 300"' >"$work/$1.tools/etc/default/frr"
  "$VMLAB" push "$1" "$work/$1.tools"
  vm "$1" sh -c "$daemon waitready --timeout 600 2>/dev/null || incus admin waitready --timeout 600"
  vm "$1" sh -c "$client image list --format csv </dev/null | grep -q . ||
    $client image import /opt/vmlab/busybox.tar.gz --alias bb </dev/null"
}

# launch NETWORK BRIDGE NODE. The client may lose patience on a slow machine; the daemon goes on.
launch() {
  vm "$3" sh -c "$client launch -q bb $1-$3 --network $2 </dev/null
    for try in \$(seq 30); do
      $client list $1-$3 --format csv -c s </dev/null | grep RUNNING && exit
      sleep 10
      $client start $1-$3 </dev/null
    done
    exit 1"
}

reboot() { "$VMLAB" reboot "$1" --wait 1500; }

# shellcheck source=test/lab/vm/reach.sh
. "$here/reach.sh"

# shellcheck source=test/lab/vm/guests.sh
. "$here/guests.sh"

finish() {
  title "$faults at fault"
  [ "$faults" = 0 ]
}
