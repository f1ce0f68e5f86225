import { shell } from '../../render/shell.js'
import { overlayFunctions } from './apply-overlay.sh.js'
import { statusFunctions } from './apply-status.sh.js'

/** wg-quick's part of `apply.sh`. */
const tunnelFunctions = shell`
# wg-quick: the tunnel. Hooks run only as it starts: a change to your own takes effect then, not here.

# Prints "KEY NAME" of each peer in the file.
wg_names() {
  awk '$1 == "[Peer]" { name = "" } $1 == "#" { name = $2 } $1 == "PublicKey" { print $3, name }' \
    "/etc/wireguard/$mesh.conf"
}

# wg_facts: a configuration on standard input as one fact a line, for comparison. Endpoints are left out:
# they move with the peer.
wg_facts() {
  awk '
    $1 == "[Interface]" { of = "interface" }
    $1 == "ListenPort" || $1 == "FwMark" { print of, $1, $3 }
    $1 == "PublicKey" { of = $3; print of, "peer" }
    $1 == "PresharedKey" { print of, "psk", $3 }
    $1 == "PersistentKeepalive" && $3 != "off" && $3 != 0 { print of, "keepalive", $3 }
    $1 == "AllowedIPs" { gsub(",", " "); for (i = 3; i <= NF; i++) print of, "ip", $i }
  '
}

# Prints what wg is to be given: the file's part for wg, with the key where its owner keeps that elsewhere.
wg_configuration() {
  wg-quick strip "$mesh" | awk -v file="$wg_key_file" '
    { print }
    file != "" && $1 == "[Interface]" && (getline key <file) > 0 { print "PrivateKey = " key }'
}

wg_public_key() {
  if [ -n "$wg_key_file" ]; then
    wg pubkey <"$wg_key_file"
  else
    sed -n 's/^PrivateKey = //p' "/etc/wireguard/$mesh.conf" | wg pubkey
  fi
}

# Leaves in $scratch what is wanted and what is there; true if they differ, but for endpoints.
wg_differs() {
  {
    wg_facts <"/etc/wireguard/$mesh.conf"
    printf 'interface key %s\n' "$(wg_public_key)"
  } | sort -u >"$scratch/wanted"
  {
    wg showconf "$mesh" | wg_facts
    printf 'interface key %s\n' "$(wg show "$mesh" public-key)"
  } | sort -u >"$scratch/found"
  ! cmp -s "$scratch/wanted" "$scratch/found"
}

# True if the file's endpoints are not those last given to wg, or if a silent peer is looked for elsewhere
# than the file says. One that answers may have moved: its own packets know better.
wg_endpoints_differ() {
  awk '$1 == "PublicKey" { key = $3 } $1 == "Endpoint" { print key, $3 }' \
    "/etc/wireguard/$mesh.conf" >"$scratch/endpoints"
  [ ! -e "/run/ciab/$mesh.endpoints" ] || cmp -s "$scratch/endpoints" "/run/ciab/$mesh.endpoints" || return 0
  {
    sed 's/^/file /' "$scratch/endpoints"
    wg show "$mesh" endpoints | sed 's/^/now /'
    wg show "$mesh" latest-handshakes | sed 's/^/heard /'
  } | awk -v time="$(date +%s)" '
    $1 == "file" && $3 ~ /^([0-9.]+|\[[0-9a-f:]+\]):[0-9]+$/ { wanted[$2] = $3 }
    $1 == "now" { found[$2] = $3 }
    $1 == "heard" && time - $3 > 180 && $2 in wanted && wanted[$2] != found[$2] { differs = 1 }
    END { exit !differs }'
}

wg_remember_endpoints() {
  mkdir -p /run/ciab && cp "$scratch/endpoints" "/run/ciab/$mesh.endpoints"
}

# wg_list: the lines of standard input as one phrase.
wg_list() {
  awk '{ if (NR <= 5) text = text (NR > 1 ? ", " : "") $0 }
    END { print text (NR > 5 ? " and " NR - 5 " more" : "") }'
}

# Says in words how what is wanted differs from what is there.
wg_difference() {
  { wg_names; echo "interface this node's own settings"; } >"$scratch/names"
  awk '$2 == "peer" { print $1 }' "$scratch/wanted" >"$scratch/wanted.peers"
  awk '$2 == "peer" { print $1 }' "$scratch/found" >"$scratch/found.peers"
  comm -23 "$scratch/wanted.peers" "$scratch/found.peers" | wg_named >"$scratch/added"
  comm -13 "$scratch/wanted.peers" "$scratch/found.peers" >"$scratch/removed"
  comm -3 "$scratch/wanted" "$scratch/found" | awk '{ print $1 }' | sort -u |
    grep -vxF -f "$scratch/removed" | wg_named | grep -vxF -f "$scratch/added" >"$scratch/changed"
  text=
  [ ! -s "$scratch/added" ] || text="$text; add $(wg_list <"$scratch/added")"
  [ ! -s "$scratch/removed" ] || text="$text; remove $(sed 's/^\(.\{8\}\).*/\1.../' "$scratch/removed" | wg_list)"
  [ ! -s "$scratch/changed" ] || text="$text; change $(wg_list <"$scratch/changed")"
  printf '%s\n' "\${text#; }"
}

# wg_named: keys on standard input as the peers' names, in the file's order.
wg_named() {
  awk 'from == "keys" { wanted[$1]; next }
    { key = $1; sub(/^[^ ]* /, ""); if (key in wanted) { print; delete wanted[key] } }
    END { for (key in wanted) print key }' from=keys - from=names "$scratch/names"
}

wg_sync() {
  wg_configuration >"$scratch/wg.conf" && wg syncconf "$mesh" "$scratch/wg.conf" || return 1
  # What a peer is to have no longer, syncconf leaves as it was.
  wg_differs || return 0
  comm -13 "$scratch/wanted" "$scratch/found" >"$scratch/surplus"
  while read -r key what _; do
    case $what in
      psk) wg set "$mesh" peer "$key" preshared-key /dev/null || return 1 ;;
      keepalive) wg set "$mesh" peer "$key" persistent-keepalive off || return 1 ;;
    esac
  done <"$scratch/surplus"
}

# Through systemd where it starts the tunnel at boot, so that it knows. A unit that is active although
# somebody took the tunnel down by hand starts nothing.
wg_up() {
  if systemctl is-enabled "wg-quick@$mesh" >/dev/null 2>&1; then
    systemctl start "wg-quick@$mesh"
    ! ip link show dev "$mesh" >/dev/null 2>&1 || return 0
  fi
  wg-quick up "$mesh"
}

# wg_addresses INTERFACE WANTED [OPTION]: the interface's addresses by difference. The old ones go first,
# because in IPv4 the first of a network takes the others with it when it goes.
wg_addresses() {
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
      *) change "add $address to $1" ip address add "$address" dev "$1" ;;
    esac
  done
}

# wg_routes INTERFACE NAME: the interface's static routes by difference; NAME is what the hooks call it.
wg_routes() {
  sed -n "s/^PostUp = ip route add \([^ ]*\) dev $2 proto static\$/\1/p" "/etc/wireguard/$mesh.conf" |
    sed 's/\.\([0-9]*\)\/32$/.\1/; s/\/128$//' | sort >"$scratch/routes"
  { ip -o route show dev "$1" proto static; ip -6 -o route show dev "$1" proto static; } |
    awk '{ print $1 }' | sort >"$scratch/routes.found"
  for route in $(comm -23 "$scratch/routes" "$scratch/routes.found"); do
    change "add the route to $route" ip route add "$route" dev "$1" proto static
  done
  for route in $(comm -13 "$scratch/routes" "$scratch/routes.found"); do
    change "remove the route to $route" ip route del "$route" dev "$1" proto static
  done
}

wg_mtu_of() { ip -o link show dev "$1" | sed 's/.* mtu \([0-9]*\) .*/\1/'; }
`

export const functions = [tunnelFunctions, overlayFunctions, statusFunctions].join('\n')

export const apply = shell`
  permit 700 root:root /etc/wireguard
  permit 600 root:root "/etc/wireguard/$mesh.conf"
  [ -z "$vx_interface" ] || permit 644 root:root "/etc/ciab/$mesh.fdb"
  for tool in wg wg-quick ip bridge; do
    have "$tool" && continue
    warn "$tool is not installed: apt-get install wireguard-tools iproute2"
    return 1
  done
  case $(ip -V 2>&1) in
    *iproute2*) ;;
    *)
      warn 'ip is not the one of iproute2, which alone shows what has to be compared'
      return 1
      ;;
  esac
  if [ -n "$wg_key_file" ]; then
    permit 600 root:root "$wg_key_file"
    if [ ! -s "$wg_key_file" ]; then
      warn "$wg_key_file has to hold this node's private key"
      return 1
    fi
  fi
  if ! ip link show dev "$mesh" >/dev/null 2>&1; then
    change "start the tunnel $mesh" wg_up || return 1
    dry || wg_endpoints_differ
    dry || wg_remember_endpoints
    return 0
  fi
  if wg_differs; then
    change "update $mesh: $(wg_difference)" wg_sync || return 1
    dry || wg_endpoints_differ
    dry || wg_remember_endpoints
  elif wg_endpoints_differ; then
    change "update the endpoints of $mesh" wg_sync || return 1
    dry || wg_remember_endpoints
  elif [ ! -e "/run/ciab/$mesh.endpoints" ]; then
    dry || wg_remember_endpoints
  fi
  # The device on top fits into the tunnel at every moment: grow from below, shrink from above.
  before=$(wg_mtu_of "$mesh")
  [ "$before" -ge "$wg_mtu" ] || change "set the MTU of $mesh to $wg_mtu" ip link set "$mesh" mtu "$wg_mtu"
  wg_addresses "$mesh" "$wg_addresses"
  wg_routes "$mesh" %i
  if [ -n "$vx_interface" ]; then
    vx_apply || return 1
  fi
  [ "$before" -le "$wg_mtu" ] || change "set the MTU of $mesh to $wg_mtu" ip link set "$mesh" mtu "$wg_mtu"
  return 0
`

export const status = shell`
  if ! ip link show dev "$mesh" >/dev/null 2>&1; then
    bad "tunnel: $mesh is not up"
    return 0
  fi
  if wg_differs; then
    bad "tunnel: not as in /etc/wireguard/$mesh.conf: $(wg_difference)"
  fi
  status_handshakes
  if [ "$(wg_mtu_of "$mesh")" = "$wg_mtu" ]; then
    ok "tunnel: MTU $wg_mtu"
  else
    bad "tunnel: the MTU of $mesh is $(wg_mtu_of "$mesh"), not $wg_mtu"
  fi
  status_path
  [ -z "$vx_interface" ] || status_overlay
  return 0
`
