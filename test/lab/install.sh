#!/bin/sh
# Installs what the lab needs, on Debian and Ubuntu. Quick, and without a network, where all is there.
set -eu
PATH=$PATH:/usr/sbin:/sbin

# What cannot be installed makes the lab skip itself, and say why; in CI it is a failure.
give_up() {
  echo "test/lab/install.sh: $1" >&2
  [ "${CI-}" != true ] || exit 1
  exit 0
}

# package:command, or package:/file, that tells whether it is there
wanted='
frr:/usr/lib/frr/frrinit.sh
frr-pythontools:/usr/lib/frr/frr-reload.py
wireguard-tools:wg-quick
wireguard-go:wireguard-go
nftables:nft
iptables:iptables
iproute2:bridge
tcpdump:tcpdump
procps:sysctl
iputils-ping:ping
python3:python3
util-linux:nsenter
'

missing=
for pair in $wanted; do
  package=${pair%%:*}
  proof=${pair#*:}
  case $proof in
    /*) [ -e "$proof" ] || missing="$missing $package" ;;
    *) command -v "$proof" >/dev/null || missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

[ "$(id -u)" = 0 ] || give_up "not root, so not installed:$missing"
command -v apt-get >/dev/null || give_up "no apt-get here, so not installed:$missing"

# The lab starts its own daemons, in namespaces; none may start on the machine itself.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

echo "test/lab/install.sh: installing$missing"
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
# shellcheck disable=SC2086 # a list of packages
apt-get -qq install --no-install-recommends -y $missing >/dev/null 2>&1 || {
  apt-get -qq update || give_up 'apt-get update failed'
  # shellcheck disable=SC2086
  apt-get -qq install --no-install-recommends -y $missing || give_up "not installable:$missing"
}
