# Addresses and routes of an interface, by difference.

# link_places INTERFACE WANTED BROADCAST FILE: the interface's addresses, and its static routes to the prefixes in FILE;
# BROADCAST is what ip(8) is told of it with an IPv4 address. All of it is one command, so that peers are not without a way
# for longer than the kernel takes: the route of a network goes with the address that it came with, and the last address
# takes all routes along. Those are added once more.
link_places() {
  for _ in 1 2; do
    link_place_lines "$@"
    [ -s "$scratch/places" ] || return 0
    # In IPv4 the first address of a network would take the others with it.
    dry || sysctl -q -w "net.ipv4.conf.$1.promote_secondaries=1"
    change "change $1: $(sed 's/^address del/remove/; s/^address add/add/; s/^route append/add the route to/
      s/^route del/remove the route to/; s/ dev .*//' "$scratch/places" | link_list)" ip -batch "$scratch/places"
    ! dry || return 0
  done
}

# Leaves in $scratch what is to be done, in the words of ip(8). What is new comes first, but for another length of an
# address that is there: in IPv6 it cannot stand beside it, and FRR takes both for gone when one goes. A route comes
# beside the kernel's own, where there is one.
link_place_lines() {
  sed 's/\.\([0-9]*\)\/32$/.\1/; s/\/128$//' "$4" >"$scratch/routes"
  { ip -o route show dev "$1" proto static; ip -6 -o route show dev "$1" proto static; } >"$scratch/routes.found"
  ip -o address show dev "$1" scope global >"$scratch/addresses"
  awk -v dev="$1" -v wanted="$2" -v broadcast="$3" '
    BEGIN { count = split(wanted, address, " "); for (i in address) want[address[i]] }
    from == "addresses" { have[$4]; next }
    from == "found" { led[$1]; next }
    { leads[$1]; if (!($1 in led)) new[++routes] = $1 }
    END {
      for (i = 1; i <= count; i++) {
        if (address[i] in have) continue
        plain = substr(address[i], 1, index(address[i], "/"))
        for (old in have) if (!(old in want) && index(old, plain) == 1) {
          print "address del", old, "dev", dev
          delete have[old]
        }
        print "address add", address[i], "dev", dev, (address[i] ~ /:/ ? "nodad" : broadcast)
      }
      for (i = 1; i <= routes; i++) print "route append", new[i], "dev", dev, "proto static"
      for (old in have) if (!(old in want)) print "address del", old, "dev", dev
      for (old in led) if (!(old in leads)) print "route del", old, "dev", dev, "proto static"
    }' from=addresses "$scratch/addresses" from=found "$scratch/routes.found" from=file "$scratch/routes" >"$scratch/places"
}

link_mtu_of() { ip -o link show dev "$1" | sed 's/.* mtu \([0-9]*\) .*/\1/'; }
