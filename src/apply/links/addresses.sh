# Addresses and routes of an interface, by difference.

# link_addresses INTERFACE WANTED BROADCAST: the interface's addresses by difference; BROADCAST is what ip(8)
# is told of it with an IPv4 one. The old ones go first, because in IPv4 the first of a network takes the
# others with it when it goes.
link_addresses() {
  for address in $(ip -o address show dev "$1" scope global | awk '{ print $4 }'); do
    case " $2 " in
      *" $address "*) ;;
      *) change "remove $address from $1" ip address del "$address" dev "$1" ;;
    esac
  done
  found=$(ip -o address show dev "$1" scope global | awk '{ printf " %s", $4 }')
  for address in $2; do
    case "$found $address" in
      *" $address "*) ;;
      *:*) change "add $address to $1" ip address add "$address" dev "$1" nodad ;;
      *) change "add $address to $1" with "$address $3 dev $1" ip address add ;;
    esac
  done
}

# link_routes INTERFACE FILE: the interface's static routes by difference; FILE has a prefix on each line.
link_routes() {
  sed 's/\.\([0-9]*\)\/32$/.\1/; s/\/128$//' "$2" | sort >"$scratch/routes"
  { ip -o route show dev "$1" proto static; ip -6 -o route show dev "$1" proto static; } |
    awk '{ print $1 }' | sort >"$scratch/routes.found"
  for route in $(comm -23 "$scratch/routes" "$scratch/routes.found"); do
    change "add the route to $route" ip route add "$route" dev "$1" proto static
  done
  for route in $(comm -13 "$scratch/routes" "$scratch/routes.found"); do
    change "remove the route to $route" ip route del "$route" dev "$1" proto static
  done
}

link_mtu_of() { ip -o link show dev "$1" | sed 's/.* mtu \([0-9]*\) .*/\1/'; }
