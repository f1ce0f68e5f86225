#!/bin/sh
# A program of ciab-gen's, the same on every node of every mesh. What differs between nodes is in
# /etc/ciab/networks.conf.
#
# Makes the devices of this node's segments and tenants, and takes bridges into them. Runs at boot, from udev
# whenever such a bridge appears, and from apply.sh; what is there already stays as it is. What is not to be
# there any more apply.sh takes away.
#   networks.sh             makes what is missing
#   networks.sh --missing   says what that is, and changes nothing
#   networks.sh --wanted    names the devices and what they are, "NAME KIND VNI", and whose ports: "NAME in MASTER"
#   networks.sh --others    names the bridges that have a name we want, and are somebody else's
#   networks.sh --ways      names the rules by which clients enter tenants, "TABLE CLIENT NETWORK"
#   networks.sh --late NAME makes what is missing once LXD or Incus is done with the bridge NAME or NAME without -mtu
#
# The devices need no tunnel to be there yet: a VXLAN device sends from the VTEP as soon as a node has one,
# and FRR, not the kernel, says where to.
set -eu
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

conf=/etc/ciab/networks.conf
[ -r "$conf" ] || { echo "networks.sh: cannot read $conf" >&2; exit 1; }

filters() { [ "$(cat "/sys/class/net/$1/bridge/vlan_filtering" 2>/dev/null)" = 1 ]; }

mode=$*
case $mode in
  '--late '*)
    # They switch VLAN filtering on soon after they have made either of the two devices.
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      ! filters "$(basename "$2" -mtu)" || break
      sleep 1
    done
    mode=
    ;;
esac
if [ -z "$mode" ]; then
  mkdir -p /run/ciab
  exec 9>/run/ciab/networks.lock
  flock 9
fi

there() { [ -e "/sys/class/net/$1" ]; }

# The devices that have a name we want, and are not ours: nothing is done to them, and nothing is put into them.
foreign=
is_foreign() { case " $foreign " in *" $1 "*) ;; *) return 1 ;; esac; }

marked() { [ "$(cat "/sys/class/net/$1/ifalias")" = "$mark" ]; }

# Who makes the bridges of containers keeps a directory for each, from before it makes the bridge until it deletes the
# network; so that it need not be asked, which at boot it could not be. Where that is not known, all are taken for kept.
keeps=
kept() {
  for directory in $keeps; do
    [ ! -d "$directory/$1" ] || return 0
  done
  [ -z "$keeps" ]
}

# bridge NAME: one of containers. Another's of that name gets no port of ours, and into no VRF.
bridge() {
  case $mode in --wanted | --ways) return 0 ;; esac
  there "$1" && ! kept "$1" && ! marked "$1" || return 0
  foreign="$foreign $1"
  case $mode in
    --others) echo "$1" ;;
    '') echo "networks.sh: warning: $1 is this host's own, and left alone" >&2 ;;
  esac
}

# missing WHAT: whether to make it; says so instead where only that was asked for.
missing() {
  [ "$mode" != --missing ] || echo "$1"
  [ -z "$mode" ]
}

# device NAME KIND VNI WORD...: the words are ip-link(8)'s. Our mark tells apply.sh later whose the device is.
device() {
  case $mode in
    --ways) return ;;
    --wanted)
      echo "$1 $2 $3"
      return
      ;;
  esac
  name=$1 kind=$2
  shift 3
  if there "$name"; then
    ! marked "$name" || return 0
    foreign="$foreign $name"
    [ -n "$mode" ] || echo "networks.sh: warning: $name is not ours, and left alone" >&2
    return 0
  fi
  missing "$name" || return 0
  ip link add "$name" "$@"
  ip link set "$name" alias "$mark"
  # A VRF is no neighbor of anybody, and the others carry frames of other stations.
  [ "$kind" = vrf ] || [ ! -d /proc/sys/net/ipv6 ] || ip link set "$name" addrgenmode none
  # A VRF hears the advertisements that go out of its bridges, and would route the tenant's network to itself.
  [ ! -e "/proc/sys/net/ipv6/conf/$name/accept_ra" ] || echo 0 >"/proc/sys/net/ipv6/conf/$name/accept_ra"
  # What is routed here may be answered by another way (RFC 3704, loose).
  [ ! -e "/proc/sys/net/ipv4/conf/$name/rp_filter" ] || echo 2 >"/proc/sys/net/ipv4/conf/$name/rp_filter"
  ip link set "$name" up
}

vxlan() {
  device "$1" vxlan "$2" address "$mac" mtu "$mtu" type vxlan \
    id "$2" local "$local" dstport "$port" ttl 64 nolearning
}

# join DEVICE MASTER: nothing where one is not there yet; it comes with an event of its own.
join() {
  case $mode in
    --ways) return ;;
    --wanted)
      echo "$1 in $2"
      return
      ;;
  esac
  there "$1" && there "$2" || return 0
  ! is_foreign "$1" && ! is_foreign "$2" || return 0
  [ "$(basename "$(readlink -f "/sys/class/net/$1/master")")" != "$2" ] || return 0
  missing "$1 in $2" || return 0
  # Entering a VRF takes a device down and up, and its IPv6 addresses would go with that.
  [ ! -e "/proc/sys/net/ipv6/conf/$1/keep_addr_on_down" ] || echo 1 >"/proc/sys/net/ipv6/conf/$1/keep_addr_on_down"
  ip link set "$1" master "$2"
}

# port_of DEVICE BRIDGE: what lies behind a VXLAN device BGP says, so nothing is learned and little is asked.
port_of() {
  join "$1" "$2"
  [ -n "$mode" ] || [ ! -e "/sys/class/net/$1/brport" ] || is_foreign "$1" ||
    ip link set "$1" type bridge_slave learning off neigh_suppress on
}

# unfiltered BRIDGE PORT: with VLAN filtering, which LXD and Incus switch on, FRR takes no bridge for the
# gateway of a segment: it tells nobody which addresses are behind this node, and the gateways of the others
# ask for them in vain. It looks at the bridge as the port comes up.
unfiltered() {
  [ "$mode" != --wanted ] && [ "$mode" != --ways ] && filters "$1" && ! is_foreign "$1" && ! is_foreign "$2" || return 0
  missing "$1 without VLAN filtering" || return 0
  ip link set "$1" type bridge vlan_filtering 0
  [ ! -e "/sys/class/net/$1/brif/$2" ] || { ip link set "$2" down && ip link set "$2" up; }
}

# unreachable VRF TABLE: what the tenant has no route for is not looked up in the host's own table (the
# kernel's vrf.rst).
unreachable() {
  [ -z "$mode" ] && ! is_foreign "$1" || return 0
  ip route replace unreachable default metric 4278198272 table "$2"
  [ ! -d /proc/sys/net/ipv6 ] || ip -6 route replace unreachable default metric 4278198272 table "$2"
}

# tenant VNI VRF BRIDGE VXLAN CONTAINERS: the last are bridges of containers, of which there may be none.
tenant() {
  device "$2" vrf "$1" type vrf table "$1"
  unreachable "$2" "$1"
  device "$3" bridge "$1" address "$mac" mtu "$mtu" type bridge
  join "$3" "$2"
  vxlan "$4" "$1"
  port_of "$4" "$3"
  for container in $5; do
    join "$container" "$2"
  done
}

# attentive BRIDGE: all members have the same gateway address. A container that one of them asks for answers to its own
# member's; that one has not asked, and has to believe it all the same, and tell the others by BGP (arp_accept and
# accept_untracked_na in the kernel's ip-sysctl.rst; the latter is there from 5.18 on).
attentive() {
  [ "$mode" != --wanted ] && [ "$mode" != --ways ] && ! is_foreign "$1" || return 0
  for setting in "ipv4/conf/$1/arp_accept" "ipv6/conf/$1/accept_untracked_na"; do
    [ "$(cat "/proc/sys/net/$setting" 2>/dev/null)" = 0 ] || continue
    missing "$1 with ${setting##*/}" || continue
    echo 1 >"/proc/sys/net/$setting"
  done
}

# segment VNI VXLAN BRIDGE
segment() {
  vxlan "$2" "$1"
  unfiltered "$3" "$2"
  port_of "$2" "$3"
  attentive "$3"
}

# enter TABLE CLIENT NETWORK: a client's packets come out of the tunnel, which is in no VRF; the tenant's routing table is
# asked for them by a rule before the VRFs' own one, which is 1000. The tunnel need not be there yet. networkd takes
# other rules away than the kernel's (networkd.conf(5)), so it is marked as one.
enter() {
  case $mode in
    --ways) echo "$1 $2 $3" ;;
    '' | --missing)
      ! entered "$1" "$2" "$3" && missing "the way of $2 into $3" || return 0
      ip "$(family "$2")" rule add pref 999 iif "$tunnel" from "$2" to "$3" lookup "$1" protocol kernel
      ;;
  esac
}

family() { case $1 in *:*) echo -6 ;; *) echo -4 ;; esac; }

entered() {
  client=${2%/32}
  ip -N "$(family "$2")" rule show | sed 's/ \[detached\]//; s/ proto .*//; s/ *$//' |
    grep -qx "999:.from ${client%/128} to $3 iif $tunnel lookup $1"
}

while read -r word first second third fourth fifth others; do
  case $word in
    '' | '#'*) ;;
    mesh)
      mark="ciab-gen $first"
      tunnel=$first
      ;;
    mac) mac=$first ;;
    local) local=$first ;;
    port) port=$first ;;
    mtu) mtu=$first ;;
    keeps) keeps="$keeps $first" ;;
    bridge) bridge "$first" ;;
    tenant) tenant "$second" "$third" "$fourth" "$fifth" "$others" ;;
    segment) segment "$second" "$third" "$fourth" ;;
    enter) enter "$first" "$second" "$third" ;;
    *)
      echo "networks.sh: $conf has a line that is not known here: $word" >&2
      exit 1
      ;;
  esac
done <"$conf"
