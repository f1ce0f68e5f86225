#!/bin/sh
# Three virtual machines, one with wg-quick, one with networkd, one with netplan, a segment and a tenant on each: a power
# cut in the middle of an apply is healed by the next, and of a node that is removed no trace is left, also after a reboot.
# Usage: VMLAB=PATH [VMLAB_CT=lxd|incus] [KEEP=1] sh test/lab/vm/removed.sh
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

[targets]
names = hosts

[tenant blue]
containers = 10.50.0.0/16 /24, fd50::/48 /64

[segment dmz]
subnet = 10.51.0.0/16 /24, fd51::/64
END
# On emulated machines nobody is there within a second, always.
gen set mesh bfd '3000 3'
gen check
gen gen

# What a mesh leaves behind, wherever: nothing, on a machine that never had one.
# shellcheck disable=SC2016 # for the shell there
traces() {
  vm "$1" sh -c 'ip -o link show | grep -o " \(v\?ciabmesh\|vrf-[a-z]*\|l3-[a-z]*\|vx-[a-z]*\)[:@]"
    nft list tables | grep " ciab$"
    find /etc /run /var/lib -xdev \( -name "*ciab*" -o -path "/etc/systemd/network/10-netplan-*" \) ! -path "*/ciabbr0*" 2>/dev/null
    grep -rlsI -e ciab /etc/frr /etc/systemd /etc/wireguard /etc/netplan /etc/hosts /etc/udev /etc/sysctl.d /run/systemd/network
    find /etc/wireguard -type f
    systemctl list-unit-files --state=enabled --no-legend | grep ciab
    systemctl list-units --all --no-legend "*ciab*" | grep -v -e "not-found inactive" -e "\.device "
    for family in -4 -6; do ip $family route show table all proto bgp; ip $family route show table all proto static | grep blackhole; done
    vtysh -c "show running-config" | grep -e "^router bgp" -e blackhole -e prefix-list
    pgrep -a "bgpd|bfdd"
    true' >"$work/$1.traces"
  cat "$work/$1.traces"
  [ ! -s "$work/$1.traces" ]
}

removal() {
  code=0
  vm "$1" sh /etc/ciab/apply.sh --remove --dry-run || code=$?
  [ "$code" = 3 ] && vm "$1" sh /etc/ciab/apply.sh --remove
}

# The emulated disks have none, and a power cut takes what had been on them for long.
# shellcheck disable=SC2016 # for the shell there
journal() { vm "$1" sh -c 'tune2fs -j "$(findmnt -no SOURCE /)"' && reboot "$1"; }

# Without a last word to the disk. The machine comes back by itself.
power_cut() {
  boot=/proc/sys/kernel/random/boot_id
  vm "$1" cat "$boot" >"$work/$1.boot"
  "$VMLAB" exec "$1" -t 30 -- sh -c "echo 1 >/proc/sys/kernel/sysrq
    sh /etc/ciab/apply.sh >/dev/null 2>&1 &
    sleep $2; echo b >/proc/sysrq-trigger" || :
  for try in $(seq 300); do
    sleep 5
    "$VMLAB" exec "$1" -t 60 -- cat "$boot" >"$work/$1.now" 2>/dev/null || continue
    ! cmp -s "$work/$1.boot" "$work/$1.now" || continue
    # It exits with 1 for a degraded one.
    "$VMLAB" exec "$1" -t 60 -- systemctl is-system-running >"$work/$1.state" 2>/dev/null || :
    grep -qx -e running -e degraded "$work/$1.state" && return 0
    [ "$try" -lt 300 ] || echo "it is $(cat "$work/$1.state")"
  done
  return 1
}

title 'the machines'
"$VMLAB" up 3 --wait 1800
each 'tools and an image' tools

title 'the first time, as the notes say'
each 'every command of its notes' first_time
each 'a container' launch c ciabbr0
each 'blue on ct-blue' launch blue ct-blue
reach 6

title 'a power cut in the middle of an apply, on each'
each 'has a journal' journal
gen set mesh path-mtu 1450
gen add-node node4=203.0.113.4
gen gen
moment=0
for node in $nodes; do
  moment=$((moment + 5))
  check "$node: copied" copy "$node"
  check "$node: comes back from a power cut after $moment s" power_cut "$node" "$moment"
  check "$node: applied, the next time" apply "$node"
  sed 's/^/          /' "$work/check"
done
gen remove-node node4
gen gen
each 'copied' copy
each 'applied' apply
reach 6
each 'apply.sh once more: nothing changed' settled
each 'apply.sh --status is content' status

for gone in node3 node2 node1; do
  title "$gone leaves"
  if [ "$gone" != node1 ]; then
    gen remove-node "$gone"
    gen gen
  fi
  nodes=$(echo "$nodes" | sed "s/ *$gone//")
  check "$gone: removed" removal "$gone"
  sed 's/^/          /' "$work/check"
  check "$gone: no trace" traces "$gone"
  check "$gone: its containers are left" vm "$gone" sh -c "$client list --format csv -c n </dev/null | grep -x c-$gone"
  check "$gone: comes back" reboot "$gone"
  check "$gone: no trace" traces "$gone"
  [ -z "$nodes" ] || {
    each 'copied' copy
    each 'applied' apply
    each 'apply.sh --status is content' status
  }
done

finish
