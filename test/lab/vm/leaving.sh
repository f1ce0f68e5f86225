#!/bin/sh
# A tenant with a segment leaves one of three virtual machines and comes back, beside another tenant with the same
# addresses: who reaches whom, what is lost by the way, and what of it a reboot changes.
# Usage: VMLAB=PATH [VMLAB_CT=lxd|incus] [KEEP=1] sh test/lab/vm/leaving.sh
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

[segment shop]
tenant = blue
subnet = 10.51.0.0/16 /24, fd51::/64

[tenant red]
nodes      = node1, node2, node3
containers = 10.50.0.0/16 /24, fd50::/48 /64
END
# On emulated machines nobody is there within a second, always.
gen set mesh bfd '3000 3'
gen check
gen gen

# update: on all machines at once.
update() {
  gen check
  gen gen
  each 'copied' copy
  each 'applied' apply
  sed 's/^/          /' "$work"/node?.said
}

# The routes of BGP, each with its table, a tenant's by the name of its VRF.
# shellcheck disable=SC2016 # for the shell there
routes() {
  vm "$2" sh -c 'ip vrf show; for family in -4 -6; do ip $family route show table all proto bgp; done' |
    awk '$1 ~ /^vrf-/ && NF == 2 { name[$2] = $1; next }
      /^[0-9a-f]/ { table = "main"; for (i = 2; i < NF; i++) if ($i == "table") table = name[$(i + 1)]; print table, $1 }' |
    sort >"$work/$2.routes.$1"
}

# It has lost routes to what blue and shop had on node3, and no others.
fewer() {
  printf '< vrf-blue %s\n' 10.50.3.0/24 fd50:0:0:3::/64 >"$work/networks"
  {
    cat "$work/networks"
    awk '$2 == "shop-node3" { for (i = 3; i <= NF; i++) print "< vrf-blue " $i }' "$work/known"
  } >"$work/gone"
  diff "$work/$1.routes.before" "$work/$1.routes.after" | grep '^[<>]' >"$work/$1.fewer"
  cat "$work/$1.fewer"
  [ "$(grep -cxF -f "$work/networks" "$work/$1.fewer")" = 2 ] && ! grep -qvxF -f "$work/gone" "$work/$1.fewer"
}

# No packet is lost; but LXD sets the bridge of red on node3 up anew, which need not keep clear of that of blue any more.
kept() {
  counted "$1" && ! awk '{ most = /red-node3/ ? 10 : 1; sub(/.*: /, ""); if ($1 - $4 > most) print }' "$work/$1.lost" |
    grep -q .
}

# What becomes of links on node3.
watch() { vm node3 systemd-run -q --unit=watch --collect -p StandardOutput=truncate:/run/links ip -o monitor link; }

# No bridge of blue was ever up without its VRF.
watched() {
  vm node3 sh -c 'systemctl stop watch; cat /run/links' | grep ' \(ct-blue\|br-shop\): ' >"$work/links"
  cat "$work/links"
  [ "$(cut -d ' ' -f 2 "$work/links" | sort -u | wc -l)" = 2 ] &&
    ! grep '[<,]UP[,>]' "$work/links" | grep -qv ' master vrf-blue '
}

# They are down and in no VRF, there is none, and nothing of it is in the host's own table.
# shellcheck disable=SC2016 # for the shell there
shut() {
  vm node3 sh -c 'ip -o link show | grep " \(ct-blue\|br-shop\|vrf-blue\|l3-blue\|vx-shop\): "
    ip -4 route show table main; ip -6 route show table main' >"$work/shut"
  cat "$work/shut"
  [ "$(grep -c ': \(ct-blue\|br-shop\): ' "$work/shut")" = 2 ] &&
    ! grep -q '[<,]UP[,>]\| master \|: vrf-blue: \|: l3-blue: \|: vx-shop: ' "$work/shut" &&
    ! grep -q '^\(10\.5[01]\.\|fd5[01]:\)' "$work/shut"
}

# awake NAME LENGTH GATEWAY GATEWAY6: what nobody leases it any more it takes by itself.
awake() {
  grep " $1 " "$work/known" >"$work/own"
  read -r node name address address6 <"$work/own"
  vm "$node" "$client" exec "$name" -- sh -c "ip address replace $address/$2 dev eth0
    ip -6 address replace $address6/64 dev eth0
    ip route replace default via $3 dev eth0 && ip -6 route replace default via $4 dev eth0"
}

title 'the machines'
"$VMLAB" up 3 --wait 1800
each 'tools and an image' tools

title 'the first time, as the notes say'
each 'every command of its notes' first_time
each 'blue on ct-blue' launch blue ct-blue
each 'shop on br-shop' launch shop br-shop
nodes='node1 node3'
each 'red on ct-red' launch red ct-red
each 'c on ciabbr0' launch c ciabbr0
nodes='node1 node2 node3'

title 'a tenant with a segment, another with the same addresses, and the mesh itself'
shared=blue+shop
reach 10
cp "$work/addresses" "$work/known"
sed -n 's/^node\([1-3]\) shop-node. 10\.51\.\1\.[0-9]* fd51:[^ ]*$/&/p' "$work/known" >"$work/shops"
check 'the containers of shop have addresses of one subnet' test "$(wc -l <"$work/shops")" = 3
shop2=$(awk '$2 == "shop-node2" { print $3 }' "$work/known")
check 'no router between them' sh -c \
  "'$VMLAB' exec node1 -- $client exec shop-node1 -- ping -c 3 $shop2 </dev/null | grep ' ttl=64 '"

title 'blue leaves node3'
nodes='node1 node2'
each 'its routes' routes before
nodes='node1 node2 node3'
lonely='blue-node3 shop-node3'
pause=1
each 'packets on their way' traffic
check 'node3: a watch over its bridges' watch
gen set tenant blue nodes node1,node2
update
check 'node3: no bridge was up without its VRF' watched
each 'no packet of the others lost' kept
sed 's/^/          /' "$work"/node?.lost
check 'node3: the bridges are shut' shut
nodes='node1 node2'
each 'its routes' routes after
each 'has lost routes to node3 alone' fewer
sed 's/^/          /' "$work"/node?.fewer
nodes='node1 node2 node3'
reach 10
each 'apply.sh once more: nothing changed' settled

title 'node3 starts anew'
check 'node3: is back' reboot node3
check 'node3: blue wakes up' awake blue-node3 24 10.50.3.1 fd50:0:0:3::1
check 'node3: shop wakes up' awake shop-node3 16 10.51.0.1 fd51::1
reach 10
check 'node3: applied' apply node3
sed 's/^/          /' "$work/check"
check 'node3: the bridges are shut' shut
check 'node3: apply.sh --status is content' status node3
check 'node3: apply.sh once more: nothing changed' settled node3

title 'and comes back'
gen set tenant blue nodes node1,node2,node3
update
lonely=
reach 10
each 'apply.sh --status is content' status
each 'apply.sh once more: nothing changed' settled

finish
