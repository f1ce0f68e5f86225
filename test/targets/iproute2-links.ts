/**
 * A stand-in for ip(8) and the kernel behind it, as far as networks.sh and apply.sh ask them: this kernel need not
 * know VRFs. A device is a directory of /sys/class/net, which has to be a place of the test's own; `log` there
 * gets each command that changes something, and what the kernel makes of it.
 */
export const ipStandIn = `#!/bin/sh
set -eu
cd /sys/class/net
command="$*"
six=
while case $1 in -6) six=yes ;; -*) ;; *) false ;; esac; do shift; done
ipv6() { [ -d /proc/sys/net/ipv6 ] || { echo 'RTNETLINK answers: Operation not supported' >&2; exit 2; }; }
there() { [ -d "$1" ] || { echo "Device \\"$1\\" does not exist." >&2; exit 1; }; }

# A port that leaves its master is the host's own, unless it goes on to another.
leave() {
  [ -e "$1/master" ] || return 0
  left=$(readlink "$1/master" | sed 's,^../,,')
  rm -rf "$left/lower_$1" "$left/brif/$1"
  rm -rf "$1/master" "$1/brport"
}

case "$1 $2" in
  'link show')
    shift 2
    [ "\${1-}" != dev ] || shift
    for name in \${1-*}; do
      [ "$name" != log ] || continue
      there "$name"
      alias=$(cat "$name/ifalias")
      printf '7: %s: <BROADCAST> mtu %s qdisc noop\\\\    link/ether %s addrgenmode eui64%s\\n' "$name" \\
        "$(cat "$name/mtu")" "$(cat "$name/details")" "\${alias:+\\\\    alias $alias}"
    done
    exit 0
    ;;
  'link add')
    name=$3
    shift 3
    [ ! -e "$name" ] || { echo 'RTNETLINK answers: File exists' >&2; exit 2; }
    mkdir "$name"
    mtu=1500 address=00:00:5e:00:53:01
    while [ "$1" != type ]; do
      case $1 in mtu) mtu=$2 ;; address) address=$2 ;; esac
      shift 2
    done
    shift
    echo "$mtu" >"$name/mtu"
    echo "$address brd ff:ff:ff:ff:ff:ff $*" | sed 's/ dstport/ srcport 0 0&/' >"$name/details"
    echo 0x1002 >"$name/flags"
    echo >"$name/ifalias"
    [ "$1" != bridge ] || { mkdir "$name/bridge" && echo 0 >"$name/bridge/vlan_filtering"; }
    ;;
  'link set')
    name=$3
    there "$name"
    case $4 in
      up) echo 0x1003 >"$name/flags" ;;
      down) echo 0x1002 >"$name/flags" ;;
      alias) echo "$5" >"$name/ifalias" ;;
      mtu) echo "$5" >"$name/mtu" ;;
      addrgenmode) ipv6 ;;
      nomaster) leave "$name" ;;
      master)
        there "$5"
        leave "$name"
        ln -s "../$5" "$name/master"
        ln -s "../$name" "$5/lower_$name"
        grep -q ' vrf table' "$5/details" || mkdir -p "$name/brport" "$5/brif/$name"
        ;;
      type)
        case $6 in
          vlan_filtering) echo "$7" >"$name/bridge/vlan_filtering" ;;
          *) [ -d "$name/brport" ] || exit 2 ;;
        esac
        ;;
      *) exit 2 ;;
    esac
    ;;
  'link del')
    there "$3"
    leave "$3"
    for lower in "$3"/lower_*; do
      [ -e "$lower" ] || continue
      port=\${lower##*/lower_}
      leave "$port"
      grep -q 3$ "$port/flags" && echo "EXPOSED $port" >>log
    done
    rm -r "$3"
    ;;
  'route replace') [ -z "$six" ] || ipv6 ;;
  *)
    echo "Object \\"$command\\" is unknown." >&2
    exit 1
    ;;
esac
echo "$command" >>log
`
