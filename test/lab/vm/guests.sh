# shellcheck shell=sh
# Clients in a place of their own on one of the machines: a network namespace that has WireGuard and nothing else, whose
# packets leave by the machine as those of anybody at its uplink. Sourced by lib.sh.
# shellcheck disable=SC2154 # lib.sh says where and what

# client_up NAME NODE: brings the client's file up there. wg-quick has one namespace alone, so that this does what it does.
client_up() {
  mkdir -p "$work/$1.files/root"
  cp "$work/mesh/out/$1/ciabmesh.conf" "$work/$1.files/root/$1.conf"
  "$VMLAB" push "$2" "$work/$1.files" || return 1
  vm "$2" sh -ec "
    ip netns del $1 2>/dev/null || :
    ip netns add $1
    ip link add wg-$1 type wireguard
    wg-quick strip /root/$1.conf >/run/$1.conf
    wg setconf wg-$1 /run/$1.conf
    # Its socket stays where it was made.
    ip link set wg-$1 netns $1
    list() { sed -n \"s/^\$1 = //p\" /root/$1.conf | tr -d ' ' | tr ',' ' '; }
    for address in \$(list Address); do ip -n $1 address add \$address dev wg-$1 nodad; done
    ip -n $1 link set lo up
    ip -n $1 link set wg-$1 mtu \$(list MTU) up
    for prefix in \$(list AllowedIPs); do ip -n $1 route add \$prefix dev wg-$1; done"
}

# The addresses of a client, IPv4 first.
client_addresses() { sed -n 's/^Address = //p' "$work/mesh/out/$1/ciabmesh.conf" | tr -d ' ' | sed 's/\/[0-9]*//g; s/,/ /g'; }

# hears_there NAME NODE ADDRESS: the client hears the address, in the largest packet that its file lets through.
hears_there() {
  case $3 in *:*) head=48 ;; *) head=28 ;; esac
  size=$(($(sed -n 's/^MTU = //p' "$work/mesh/out/$1/ciabmesh.conf") - head))
  vm "$2" ip netns exec "$1" ping -M 'do' -s "$size" -c 3 -i 0.3 -W 8 "$3"
}

# sees NAME NODE ADDRESS: a container answers on UDP port 7 whom it sees (probe.py): the client, and nobody in its stead.
sees() {
  case $3 in *:*) own=$(client_addresses "$1" | cut -d ' ' -f 2) ;; *) own=$(client_addresses "$1" | cut -d ' ' -f 1) ;; esac
  vm "$2" ip netns exec "$1" python3 -c "
import socket, sys
to = sys.argv[1]
s = socket.socket(socket.AF_INET6 if ':' in to else socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(8)
for _ in range(3):
    try:
        s.sendto(b'?', (to, 7)); print(s.recvfrom(100)[0].decode()); break
    except OSError: pass
" "$3" | grep -E " $own\$"
}

# hears_client CONTAINER NODE ADDRESS
hears_client() { vm "$2" "$client" exec "$1" -- ping -c 3 -W 8 "$3" </dev/null; }

deaf() { ! "$@"; }

# within SECONDS COMMAND...: tries until it succeeds.
within() {
  until_then=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$until_then" ] || return 1
    sleep 3
  done
}

# guest NAME NODE WANTED: between the client and each container that $work/addresses has: both ways, under its own addresses,
# for the networks among the WANTED, and nothing with the others.
guest() {
  while read -r at container four six <&4; do
    network=${container%%-*}
    for address in $four $six; do
      case $address in *:*) own=$(client_addresses "$1" | cut -d ' ' -f 2) ;; *) own=$(client_addresses "$1" | cut -d ' ' -f 1) ;; esac
      case " $3 " in
        *" $network "*)
          check "$1 hears $container ($address) in full packets" within 120 hears_there "$1" "$2" "$address"
          check "$container sees $1 as $own" within 60 sees "$1" "$2" "$address"
          check "$container hears $1 ($own)" within 60 hears_client "$container" "$at" "$own"
          ;;
        *)
          check "$1 does not hear $container ($address)" deaf vm "$2" ip netns exec "$1" ping -c 1 -W 4 "$address"
          check "$container does not hear $1 ($own)" deaf vm "$at" "$client" exec "$container" -- ping -c 1 -W 4 "$own"
          ;;
      esac
    done
  done 4<"$work/addresses"
}
