#!/bin/sh
# A program of ciab-gen's, the same on every node of every mesh.
#
# Usage: sh /etc/ciab/mend-tenants.sh
#
# A packet to a tenant's network on another node goes to the MAC address that the tenant's bridge has for that node's VTEP,
# and in VXLAN to where the VXLAN device has that MAC address (RFC 9136, section 4.4.1). zebra makes both beside the route.
# 8.4.4 and others forget them for good now and then where a route goes and is back at once, as when a session flaps
# (https://github.com/FRRouting/frr/issues/12391); bgpd knows them still. A timer of systemd's runs this three times a
# minute: what a route needs that is not there, is made as zebra would make it. Nothing that is there is touched.
set -eu
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL

[ $# = 0 ] || { echo 'Usage: sh /etc/ciab/mend-tenants.sh' >&2; exit 2; }

# Prints "BRIDGE VIA VTEP VXLAN" of what routes name and the rest lacks. Of IPv6 routes the VTEP is ::ffff:10.79.0.2. The
# neighbors are NOARP, which is not shown unasked; 186 is BGP's number in /etc/iproute2/rt_protos.
lacking() {
  {
    { ip -4 neigh show nud all; ip -6 neigh show nud all; } | sed 's/^/neighbor /'
    bridge fdb show | sed 's/^/entry /'
    { ip -4 route show table all proto 186; ip -6 route show table all proto 186; } | sed 's/^/route /'
  } | awk '
    { split("", is); for (i = 2; i < NF; i++) is[$i] = $(i + 1) }
    $1 == "neighbor" && "lladdr" in is { mac[is["dev"], $2] = is["lladdr"] }
    $1 == "entry" && "dst" in is { end[is["dev"], $2, is["dst"]] }
    $1 == "route" && is["dev"] ~ /^l3-/ && !((is["dev"], is["via"]) in told) {
      told[is["dev"], is["via"]]
      vtep = is["via"]; sub(/^::ffff:/, "", vtep)
      vxlan = is["dev"]; sub(/^l3-/, "vx-", vxlan)
      if (!((is["dev"], is["via"]) in mac) || !((vxlan, mac[is["dev"], is["via"]], vtep) in end))
        print is["dev"], is["via"], vtep, vxlan
    }'
}

# Prints "VTEP MAC" of the routes that bgpd has chosen.
known() {
  timeout 10 vtysh -d bgpd -c 'show bgp l2vpn evpn route type prefix' | awk '
    /^ *\*/ { best = /^ *\*>/ }
    /^ +[0-9]+\.[0-9.]+ / { vtep = $1 }
    best && match($0, /Rmac:[0-9a-f:]+/) { print vtep, substr($0, RSTART + 5, RLENGTH - 5) }' | sort -u
}

forgotten=$(lacking)
[ -n "$forgotten" ] || exit 0
macs=$(known)
printf '%s\n' "$forgotten" | while read -r bridge via vtep vxlan; do
  mac=$(printf '%s\n' "$macs" | awk -v vtep="$vtep" '$1 == vtep { print $2; exit }')
  if [ -z "$mac" ]; then
    echo "$bridge: nothing gets to $via, and bgpd does not know its MAC address"
    continue
  fi
  ip neigh replace "$via" lladdr "$mac" dev "$bridge" nud noarp extern_learn || continue
  bridge fdb replace "$mac" dev "$vxlan" dst "$vtep" self master dynamic extern_learn || continue
  echo "$bridge: $via is $mac again, which FRR had forgotten"
done
