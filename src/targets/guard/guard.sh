#!/bin/sh
# A program of ciab-gen's, the same on every node of every mesh. What differs between nodes is in
# /etc/ciab/guard.conf, and in the two files that this loads.
#
# Usage: sh /etc/ciab/guard.sh [--rules]
#
# Loads the packet filter and the kernel settings of the mesh. systemd runs it at boot and after each start,
# reload and stop of nftables.service; apply.sh when they differ; wg-quick, on a node where that makes the
# tunnel, before the tunnel comes up. Running it again changes nothing, and nothing goes away with the tunnel.
# With --rules it loads the packet filter alone, which may be before there is any network.
set -eu
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

rules_only=
case "$#:${1-}" in
  0:) ;;
  1:--rules) rules_only=yes ;;
  *) echo 'Usage: sh /etc/ciab/guard.sh [--rules]' >&2; exit 2 ;;
esac

[ -r /etc/ciab/guard.conf ] || { echo 'guard.sh: cannot read /etc/ciab/guard.conf' >&2; exit 1; }
# The mesh, by whose name its other files are called, interfaces whose addresses are the mesh's by right, those of LANs, and
# what addresses the mesh has.
# shellcheck source=/dev/null # each node has another
. /etc/ciab/guard.conf
rules=/etc/ciab/$mesh.nft
settings=/etc/ciab/$mesh.sysctl
remembered=/var/lib/ciab/$mesh.lan

for tool in nft ip sysctl; do
  command -v "$tool" >/dev/null || { echo "guard.sh: $tool is not installed" >&2; exit 1; }
done

# A network of this host within the mesh's pools keeps working, and is told of. Before the network is up
# nothing has an address yet: until then counts what was found the last time.
lan=
if [ -n "$rules_only" ] && [ -f "$remembered" ]; then
  lan=" $(cat "$remembered")"
fi
for pool in $guard_pools; do
  for interface in $(ip -o address show to "$pool" | awk '{ sub(/@.*/, "", $2); print $2 }'); do
    case " $guard_ours ${guard_lans-} $lan " in *" $interface "*) continue ;; esac
    echo "guard.sh: warning: $interface has an address within the mesh's $pool" >&2
    lan="$lan $interface"
  done
done

# Bridges of tenants that were here, and whose containers have no routing table of their own any more.
shut=$(cat "/var/lib/ciab/$mesh.shut" 2>/dev/null) || shut=

{
  # The rules make them anew, but on a node that is on no segment, or in a mesh that has no overlay, any more.
  for family in bridge arp; do
    ! nft list table "$family" ciab >/dev/null 2>&1 || echo "delete table $family ciab"
  done
  cat "$rules"
  for interface in $lan; do
    printf 'insert rule inet ciab outside iifname "%s" return\n' "$interface"
    printf 'insert rule inet ciab encrypted oifname "%s" return\n' "$interface"
  done
  for interface in $shut; do
    case " $guard_ours " in *" $interface "*) continue ;; esac
    printf 'insert rule inet ciab prerouting iifname "%s" drop\n' "$interface"
  done
} | nft -f /dev/stdin

# What is loaded, for apply.sh to compare with.
mkdir -p /run/ciab
cp "$rules" /run/ciab/
[ -z "$rules_only" ] || exit 0

# Only to be quicker at the next boot: a file system that cannot be written to is no reason to stop.
if [ -n "$lan" ]; then
  { mkdir -p /var/lib/ciab && echo "${lan# }" >"$remembered"; } 2>/dev/null || :
else
  rm -f "$remembered" 2>/dev/null || :
fi

# While it forwards, the kernel takes router advertisements only where accept_ra is 2; and what it learned
# elsewhere it forgets as forwarding is switched on. So uplinks first. A bridge is an uplink only if it has
# learned a route already: containers' bridges must not believe what a container announces.
for setting in /proc/sys/net/ipv6/conf/*/accept_ra; do
  [ -e "$setting" ] || continue
  directory=${setting%/*}
  interface=${directory##*/}
  case " all default $guard_ours " in *" $interface "*) continue ;; esac
  if [ -n "$(ip -o link show dev "$interface" type bridge)" ]; then
    [ -n "$(ip -6 route show default dev "$interface" proto ra 2>/dev/null)" ] || continue
  fi
  if [ "$(cat "$setting")" = 1 ] && [ "$(cat "$directory/forwarding")" = 0 ]; then
    echo 2 >"$setting"
  fi
done

# How they were is remembered for the day on which the mesh leaves this host.
before=/var/lib/ciab/$mesh.before
if [ ! -e "$before" ]; then
  { mkdir -p /var/lib/ciab && sed -n 's/^\([^#= ]*\) *=.*/\1/p' "$settings" | xargs -r sysctl -e >"$before"; } 2>/dev/null || :
fi

# -e: a kernel without IPv6 does not know half of them.
sysctl -q -e -p "$settings"
