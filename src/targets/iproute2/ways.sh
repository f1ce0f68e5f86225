# The rules by which clients enter tenants: networks.sh makes them. They are known by their number and by the tunnel.

# Leaves in $scratch "TABLE CLIENT NETWORK" of those that are there and not wanted. Hosts are said without a length.
evpn_look_ways() {
  : >"$scratch/evpn.ways"
  [ -z "$evpn_local" ] || sh /etc/ciab/networks.sh --ways >"$scratch/evpn.ways" || return 1
  { ip -N -4 rule show; ip -N -6 rule show; } 2>/dev/null | awk -v tunnel="$mesh" '
    $1 != "999:" { next }
    { split("", is); for (i = 2; i < NF; i++) is[$i] = $(i + 1) }
    is["iif"] == tunnel {
      client = is["from"]
      if (client !~ /\//) client = client (client ~ /:/ ? "/128" : "/32")
      print is["lookup"], client, is["to"]
    }
  ' | grep -vxF -f "$scratch/evpn.ways" >"$scratch/evpn.shut_ways" || :
}

# evpn_shut_way TABLE CLIENT NETWORK
evpn_shut_way() {
  case $2 in *:*) set -- "$@" -6 ;; *) set -- "$@" -4 ;; esac
  ip "$4" rule del pref 999 iif "$mesh" from "$2" to "$3" lookup "$1"
}

evpn_shut_ways() {
  while read -r table client network; do
    change "shut the way of $client into $network" evpn_shut_way "$table" "$client" "$network" || return 1
  done <"$scratch/evpn.shut_ways"
}
