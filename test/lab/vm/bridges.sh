#!/bin/sh
# What a real LXD or Incus makes of the generated files, on a virtual machine where it was never set up.
# Usage: VMLAB=PATH [VMLAB_CT=lxd|incus] sh test/lab/vm/bridges.sh [--keep]
# after "npm run build". VMLAB is a tool with the subcommands up, push, exec, status and down.
set -eu

here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
root=$here/../../..
daemon=${VMLAB_CT:-lxd}
mesh=$(mktemp -d)
trap 'rm -rf "$mesh"; [ "${1-}" = --keep ] || "$VMLAB" down' EXIT

sed "s/RUNTIME/$daemon/" "$here/bridges.ini" >"$mesh/mesh.ini"
node "${CIAB_GEN:-$root/bin/ciab-gen.js}" -C "$mesh" gen --public -o "$mesh/out"
mkdir "$mesh/out/node1/root"
cp "$here/bridges-on-node.sh" "$here/lease6.py" "$mesh/out/node1/root/"
"$VMLAB" status | grep -q . || "$VMLAB" up 1 --fresh --wait 900
"$VMLAB" push node1 "$mesh/out/node1"
"$VMLAB" exec node1 -t 1800 -- sh /root/bridges-on-node.sh "$daemon"
