#!/bin/sh
# Two tenants with the same addresses, and the mesh's own containers beside them, on three virtual machines: who
# reaches whom, before and after a reboot of all; with route reflectors, one of which fails; two tenants that share; and a
# client that enters one of them, beside one that enters none.
# Usage: VMLAB=PATH [VMLAB_CT=lxd|incus] [KEEP=1] sh test/lab/vm/tenants.sh
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

[tenant blue]
nodes      = node1, node2, node3
containers = 10.50.0.0/16 /24, fd50::/48 /64

[tenant red]
nodes      = node1, node2, node3
containers = 10.50.0.0/16 /24, fd50::/48 /64
END
# An emulated machine with many neighbors on its processor is not heard for seconds: with 1000 3 sessions that are well end
# and begin all the time, and some pair of containers is always without its route.
gen set mesh bfd '4000 3'
gen check
gen gen

# update: on all machines at once.
update() {
  gen check
  gen gen
  each 'copied' copy
  each 'applied' apply
}

title 'the machines'
"$VMLAB" up 3 --wait 1800
each 'tools and an image' tools

title 'the first time, as the notes say'
each 'every command of its notes' first_time
sed 's/^/          /' "$work"/node?.said
for network in c blue red; do
  bridge=ct-$network
  [ "$network" != c ] || bridge=ciabbr0
  each "$network on $bridge" launch "$network" "$bridge"
done

title 'two tenants with the same addresses'
reach 9
each 'apply.sh --status is content' status
each 'apply.sh once more: nothing changed' settled

# What reach looked at: a tenant's container reaches another tenant's, or one that is no tenant's.
title "a tenant's container reaches nodes, or out by them"
hears() { vm node1 "$client" exec "$1" -- ping -c 1 -W 5 "$2" </dev/null; }
for address in 10.78.0.1 10.78.0.2; do
  check "a container that is no tenant's hears $address" hears c-node1 "$address"
  check "one of blue's does not hear $address" deaf hears blue-node1 "$address"
done

title 'two route reflectors'
gen set node node1 reflector yes
gen set node node2 reflector yes
update
reach 9
each 'apply.sh --status is content' status

title 'one of them fails'
check "node1: FRR stops" vm node1 systemctl stop frr
nodes='node2 node3'
reach 6
check "node1: FRR starts" vm node1 systemctl start frr
nodes='node1 node2 node3'

title 'two tenants that share'
cat >>"$work/mesh/mesh.ini" <<'END'

[tenant green]
nodes      = node1, node2, node3
containers = 10.60.0.0/16 /24, fd60::/48 /64
share      = amber

[tenant amber]
nodes      = node1, node2
containers = 10.61.0.0/16 /24, fd61::/48 /64
END
update
each 'green on ct-green' launch green ct-green
nodes='node1 node2'
each 'amber on ct-amber' launch amber ct-amber
nodes='node1 node2 node3'
shared=green+amber
reach 14
each 'apply.sh --status is content' status
each 'apply.sh once more: nothing changed' settled

# And a tenant's container reaches a client that does not enter the tenant, or is reached by it: none.
title 'a client enters a tenant'
gen add-client phone --via node1 --reach green
gen add-client other --via node1
update
guests() {
  check 'phone is up, at node3' client_up phone node3
  check 'other is up, at node3' client_up other node3
  guest phone node3 'green c'
  guest other node3 c
}
guests
reach 14
each 'apply.sh --status is content' status
each 'apply.sh once more: nothing changed' settled

title 'all machines start anew, and nobody helps'
each 'is back' reboot
reach 14
guests
each 'apply.sh --status is content' status
each 'apply.sh: nothing changed' settled

title 'it enters none any more'
gen set client phone reach --unset
update
guest phone node3 c
each 'apply.sh --status is content' status

finish
