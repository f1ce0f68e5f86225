#!/bin/sh
# A mesh of three virtual machines, one with wg-quick, one with networkd, one with netplan, and a container of LXD or
# Incus on each: as their notes say, before and after a reboot of all, and while a node comes and goes.
# Usage: VMLAB=PATH [VMLAB_CT=lxd|incus] [KEEP=1] sh test/lab/vm/mesh.sh
# after "npm run build". VMLAB is a tool with the subcommands up, push, exec, reboot and down.
set -eu

here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
# shellcheck source=test/lab/vm/lib.sh
. "$here/lib.sh"

mkdir "$work/mesh"
title "$daemon: mesh.ini and its tree"
gen init ciabmesh --nodes node1=203.0.113.1,node2=203.0.113.2,node3=203.0.113.3 --container-runtime "$daemon"
cat >>"$work/mesh/mesh.ini" <<'END'

[group debian]
members = node1, node2, node3
os      = debian-12

[group with-networkd]
members = node2
tunnel  = networkd
overlay = networkd

[group with-netplan]
members = node3
tunnel  = netplan
overlay = netplan
END
gen check --strict
gen gen

title 'the machines'
"$VMLAB" up 3 --wait 1800
each 'tools and an image' tools

title 'the first time, as the notes say'
each 'every command of its notes' first_time
sed 's/^/          /' "$work"/node?.said
each 'a container' launch c ciabbr0

title 'from container to container'
reach 3
each 'apply.sh --status is content' status
each 'apply.sh once more: nothing changed' settled

title 'all machines start anew, and nobody helps'
each 'is back' reboot
reach 3
each 'apply.sh --status is content' status
each 'apply.sh: nothing changed' settled

# update WHAT: on all machines, one after the other, with packets on all ways.
update() {
  title "$1"
  gen gen
  each 'packets on their way' traffic
  for node in $nodes; do
    check "$node: copied" copy "$node"
    check "$node: applied" apply "$node"
    sed 's/^/          /' "$work/check"
  done
  each 'no packet lost' lost
  sed 's/^/          /' "$work"/node?.said
  reach 3
}

gen add-node node4=203.0.113.4
update 'a fourth node comes'
gen remove-node node4
update 'and goes'
each 'apply.sh --status is content' status
each 'apply.sh: nothing changed' settled

finish
