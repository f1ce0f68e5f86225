#!/bin/sh
# Run on the virtual machine by bridges.sh, as root: what a real LXD or Incus makes of the generated files.
# Usage: bridges-on-node.sh lxd|incus
set -u

daemon=$1
case $daemon in
  lxd) client=lxc init='lxd init' waitready='lxd waitready' ;;
  incus) client=incus init='incus admin init' waitready='incus admin waitready' ;;
esac
files=/etc/ciab/$daemon
here=$(dirname "$0")
faults=0
scratch=$(mktemp -d)
exec </dev/null

# check WHAT COMMAND...: whether it succeeds; what it printed shows only if not.
check() {
  what=$1
  shift
  if "$@" >"$scratch/check" 2>&1; then
    echo "ok   $what"
  else
    faults=$((faults + 1))
    echo "BAD  $what: exit $?"
    sed 's/^/     /' "$scratch/check"
  fi
}

is() { [ "$1" = "$2" ] || { printf 'found "%s"\nnot   "%s"\n' "$1" "$2"; false; }; }
said() { grep -qF -e "$1" "$scratch/said" || { cat "$scratch/said"; false; }; }
apply() { sh /etc/ciab/apply.sh "$@" >"$scratch/said" 2>&1; }
key() { $client network get "$1" "$2"; }

# Waits until the container has the address, and nothing else of its family but what the kernel makes.
has() {
  for _ in $(seq 90); do
    $client exec "$1" -- ip -o address show dev "$2" >"$scratch/addresses" 2>/dev/null &&
      grep -qF " $3/" "$scratch/addresses" && return 0
    sleep 1
  done
  cat "$scratch/addresses"
  false
}

# A launch may outlast the client's patience on a slow machine; the daemon goes on.
launch() {
  $client "$@" >"$scratch/launch" 2>&1 || sleep 20
  $client list --format csv -c ns | grep -q 'RUNNING' || { cat "$scratch/launch"; false; }
}

# The source of a connection from the container to a listener in another network, as the listener sees it.
source_of() {
  ip netns exec elsewhere python3 -c '
import socket, sys
listener = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
listener.settimeout(30)
listener.bind((sys.argv[1], 7))
listener.listen()
print(listener.accept()[1][0])' "$2" >"$scratch/source" 2>&1 &
  sleep 3
  $client exec "$1" -- nc -w 5 "$2" 7 </dev/null >/dev/null 2>&1
  wait $!
  cat "$scratch/source"
}

echo "== $($client --version)"
# shellcheck disable=SC2086 # a command and its word
check 'the daemon answers' $waitready --timeout 300

echo '== a host where the daemon was never set up'
$client network create opbr0 ipv4.address=10.150.19.1/24 ipv4.nat=true ipv6.address=none >/dev/null 2>&1
apply --dry-run
check '--dry-run finds something to do' is "$?" 3
check '... and makes nothing' sh -c "! $client network show ciabbr0"
check 'apply.sh makes the bridges' apply
check '... and asks for the preseed' said "$init --preseed </etc/ciab/$daemon/preseed.yaml"
check '... and says how to create a container with its address' \
  said "$client launch IMAGE web --device eth0,ipv4.address=10.77.1.10 --device eth0,ipv6.address=fd6c:1ab:7a3e:1::10 "
for turn in first second; do
  check "the preseed is taken, the $turn time" sh -c "$init --preseed <$files/preseed.yaml"
done
check 'apply.sh finds nothing to change' apply
check '... and says so' said 'nothing changed'
check '... and wants no preseed any more' sh -c "! grep -q preseed $scratch/said"
for bridge in ciabbr0 ciabbr1; do
  check "network edit takes $bridge.yaml" sh -c "$client network edit $bridge <$files/$bridge.yaml"
done
check 'after which there is nothing to change' apply
check '... and apply.sh says so' said 'nothing changed'
check '--status is content' apply --status

echo '== a bridge of the operator'
check 'has our MTU' is "$(key opbr0 bridge.mtu)" 1370
check 'keeps its NAT' is "$(key opbr0 ipv4.nat)" true
check 'keeps its address' is "$(key opbr0 ipv4.address)" 10.150.19.1/24
check 'has none of our other keys' is "$(key opbr0 dns.domain)" ''

echo '== keys that somebody changed'
$client network set ciabbr0 ipv4.dhcp.expiry=2h bridge.mtu=1500 dns.domain=elsewhere
check '--status sees it' sh -c '! sh /etc/ciab/apply.sh --status'
check 'apply.sh mends ours' apply
check '... in one change' said '1 change'
check '... the MTU' is "$(key ciabbr0 bridge.mtu)" 1370
check '... the domain' is "$(key ciabbr0 dns.domain)" node1.mesh.example.net
check "... and leaves the operator's own" is "$(key ciabbr0 ipv4.dhcp.expiry)" 2h

echo '== containers'
$client image list --format csv | grep -q . || $client image import /opt/vmlab/busybox.tar.gz --alias bb >/dev/null
check 'mail starts with the options that apply.sh says' launch launch bb mail --device eth0,ipv4.address=10.77.1.11
check '... and has its address' has mail eth0 10.77.1.11
check 'web starts with any address' launch launch bb web
$client config device add web eth1 nic network=ciabbr1 name=eth1 >/dev/null
check 'free starts' launch launch bb free
check 'apply.sh fixes the address of web' apply
check '... in one change' said '1 change'
check '... both of them' sh -c "$client config show web | grep -A1 'ipv4.address: 10.77.1.10' | grep -q ipv6.address"
check '... and finds nothing to change after that' apply
check '... and says so' said 'nothing changed'
check '--status is content' apply --status
check '... and names it' said 'ok   container web: 10.77.1.10 fd6c:1ab:7a3e:1::10'
check '... and what there is not yet' said 'ok   container old: not created yet'
$client restart -f web >/dev/null 2>&1
check 'web has its IPv4 address' has web eth0 10.77.1.10
leased=$(nsenter -n -t "$($client info web | sed -n 's/^P[Ii][Dd]: //p')" python3 "$here/lease6.py" eth0 2>&1)
check 'web is leased its IPv6 address' is "$leased" fd6c:1ab:7a3e:1::10
leased=$(nsenter -n -t "$($client info free | sed -n 's/^P[Ii][Dd]: //p')" python3 "$here/lease6.py" eth0 2>&1)
check 'free one of the upper half' sh -c "echo '$leased' | grep -qE '^fd6c:1ab:7a3e:1:[89a-f]...:'"
$client exec web -- ip address add fd6c:1ab:7a3e:1::10/64 dev eth0
check 'free has an address from the leases' sh -c \
  "$client exec free -- ip -4 -o address show dev eth0 | grep -qE ' 10\.77\.1\.(1[0-9][0-9]|2[0-9][0-9])/24 '"
check 'a container is found by name, in the domain of the node' sh -c \
  "$client exec free -- nslookup mail.node1.mesh.example.net | grep -q 10.77.1.11"
check 'containers have the MTU of the overlay' sh -c \
  "$client exec free -- ip link show dev eth0 | grep -q 'mtu 1370'"

$client network set ciabbr0 bridge.mtu=1500
ping -q -i 0.2 -c 40 10.77.1.11 >"$scratch/ping" &
check 'apply.sh mends the MTU under running containers' apply
wait $!
check '... and no packet is lost' grep -q ' 0% packet loss' "$scratch/ping"

echo '== another network'
ip netns add elsewhere
ip link add elsewhere0 type veth peer name eth0 netns elsewhere
ip address add 10.77.2.1/24 dev elsewhere0
ip -6 address add fd6c:1ab:7a3e:2::1/64 dev elsewhere0 nodad
ip link set elsewhere0 up
ip -n elsewhere address add 10.77.2.9/24 dev eth0
ip -n elsewhere -6 address add fd6c:1ab:7a3e:2::9/64 dev eth0 nodad
ip -n elsewhere link set eth0 up
ip -n elsewhere route add default via 10.77.2.1
ip -n elsewhere -6 route add default via fd6c:1ab:7a3e:2::1
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
check 'sees the address of mail' is "$(source_of mail 10.77.2.9)" 10.77.1.11
$client exec web -- ip -6 route replace default via fd6c:1ab:7a3e:1::1 dev eth0
check 'sees the IPv6 address of web' is "$(source_of web fd6c:1ab:7a3e:2::9)" fd6c:1ab:7a3e:1::10
ip netns del elsewhere

echo '== a bridge of somebody else'
$client network delete ciabbr1 >/dev/null 2>&1 || $client config device remove web eth1 >/dev/null
$client network delete ciabbr1 >/dev/null 2>&1
ip link add ciabbr1 type bridge
check 'is in the way of ours' apply
check '... which apply.sh says' said "ciabbr1 exists but is not"
ip link del ciabbr1
check 'once it is gone, ours is made' apply
check '... and said' said 'create the bridge ciabbr1'
check '... once' apply
check '... as apply.sh says' said 'nothing changed'

rm -rf "$scratch"
echo "$faults at fault"
[ "$faults" = 0 ]
