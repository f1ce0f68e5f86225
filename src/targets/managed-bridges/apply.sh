# LXD or Incus, whichever apply.conf says: bridges of ours become what their files say; of the others only the
# MTU is set.

daemon_networks='' daemon_pinned=''

# daemon_each WORDS FUNCTION: calls FUNCTION with the fields of each word: BRIDGE, own or existing, MTU and
# ADDRESS... of a network; BRIDGE, CONTAINER and ADDRESS... of a container.
daemon_each() {
  for daemon_word in $1; do
    with "$(echo "$daemon_word" | tr '|,' '  ')" "$2"
  done
}

# A snap's commands are not on every root's path.
daemon_installed() {
  case ":$PATH:" in *:/snap/bin:*) ;; *) PATH=$PATH:/snap/bin ;; esac
  have "$daemon_client"
}

daemon_answers() { daemon_installed && "$daemon_client" query /1.0 >/dev/null 2>&1; }

# "KEY VALUE" lines of the bridge in the file $1; a value of several lines has \n between them.
daemon_keys() {
  awk '
    /^[^ ]/ { inside = $0 == "config:" }
    !inside { next }
    /^  [a-z]/ {
      if (key != "") print key, value
      key = substr($1, 1, length($1) - 1)
      value = substr($0, length(key) + 5)
      if (value ~ /^[|]/) value = ""
      gsub(/^"|"$/, "", value)
    }
    /^    / { value = value (value == "" ? "" : "\\n") substr($0, 5) }
    END { if (key != "") print key, value }
  ' "$1"
}

# Leaves in $scratch what the daemon says of the bridge $1; fails unless the bridge is the daemon's.
daemon_knows() {
  "$daemon_client" network show "$1" </dev/null >"$scratch/daemon.network" 2>/dev/null || return 1
  daemon_keys "$scratch/daemon.network" >"$scratch/daemon.keys"
  grep -q '^managed: true' "$scratch/daemon.network"
}

# Whether the bridge last looked at has an option for its DHCP server that is of no use to it any more: as our file
# had it while the bridge was in a VRF, to the letter, and has no longer. One that the operator wrote is his.
daemon_outgrown() {
  ! grep -q '^  raw[.]dnsmasq:' "/etc/ciab/$daemon/$1.yaml" &&
    grep -qx 'raw[.]dnsmasq port=0\(\\nno-dhcp-interface=[^\\]*\)*' "$scratch/daemon.keys"
}

# Whether the bridge last looked at has all keys of the file, and none of an older one that would do harm.
daemon_agrees() {
  ! daemon_outgrown "$1" && ! daemon_keys "/etc/ciab/$daemon/$1.yaml" | grep -qvxF -f "$scratch/daemon.keys"
}

# Sets the keys of the file; "network edit" would also take away those that the operator added.
daemon_edit() {
  daemon_bridge=$1
  daemon_keys "/etc/ciab/$daemon/$1.yaml" >"$scratch/daemon.set"
  set --
  while read -r daemon_key daemon_value; do
    set -- "$@" "$daemon_key=$(printf '%b' "$daemon_value")"
  done <"$scratch/daemon.set"
  # An empty value takes the key away.
  ! daemon_outgrown "$daemon_bridge" || set -- "$@" raw.dnsmasq=
  "$daemon_client" network set "$daemon_bridge" "$@" </dev/null
}

daemon_create() {
  "$daemon_client" network create "$1" ipv4.address=none ipv6.address=none &&
    "$daemon_client" network edit "$1" <"/etc/ciab/$daemon/$1.yaml"
}

daemon_bring() {
  if daemon_knows "$1"; then
    if [ "$2" = own ]; then
      daemon_agrees "$1" || change "edit the bridge $1" daemon_edit "$1"
    elif ! grep -qxF "bridge.mtu $3" "$scratch/daemon.keys"; then
      change "set the MTU of the bridge $1 to $3" "$daemon_client" network set "$1" bridge.mtu="$3"
    fi
  elif [ "$2" = existing ]; then
    warn "$daemon_title has no bridge $1, which mesh.ini says exists"
  elif ip link show dev "$1" >/dev/null 2>&1; then
    warn "$1 exists but is not $daemon_title's: remove it, or name another bridge in mesh.ini"
  else
    change "create the bridge $1" daemon_create "$1"
  fi
}

daemon_look() {
  daemon_bridge=$1 daemon_kind=$2 daemon_mtu=$3
  shift 3
  daemon_found=$(ip -o link show dev "$daemon_bridge" 2>/dev/null | sed -n 's/.* mtu \([0-9]*\) .*/\1/p')
  [ -n "$daemon_found" ] || { bad "bridge $daemon_bridge: absent"; return 0; }
  if [ "$daemon_found" = "$daemon_mtu" ]; then
    ok "bridge $daemon_bridge: MTU $daemon_mtu"
  else
    bad "bridge $daemon_bridge: MTU $daemon_found instead of $daemon_mtu"
  fi
  for daemon_address in "$@"; do
    if ip -o address show dev "$daemon_bridge" | grep -qF " $daemon_address "; then
      ok "bridge $daemon_bridge: $daemon_address"
    else
      bad "bridge $daemon_bridge: no $daemon_address"
    fi
  done
  [ "$daemon_kind" = existing ] || ! daemon_knows "$daemon_bridge" || daemon_agrees "$daemon_bridge" ||
    bad "bridge $daemon_bridge: differs from /etc/ciab/$daemon/$daemon_bridge.yaml; apply.sh mends that"
}

daemon_apply() {
  [ -n "$daemon_networks" ] || { ! daemon_answers || daemon_retire; return 0; }
  permit 755 root:root "/etc/ciab/$daemon"
  permit 644 root:root "/etc/ciab/$daemon"/*.yaml
  daemon_installed || { lack "install $daemon_title, then run apply.sh again: it makes the bridges"; return 0; }
  daemon_answers || { lack "$daemon_title does not answer: start it, then run apply.sh again"; return 0; }
  daemon_retire
  daemon_each "$daemon_networks" daemon_bring
  daemon_each "$daemon_pinned" daemon_pin
  if [ -z "$("$daemon_client" storage list --format csv 2>/dev/null)" ] && [ -f "/etc/ciab/$daemon/preseed.yaml" ]; then
    advise "$daemon_title has no storage pool yet: $daemon_init --preseed </etc/ciab/$daemon/preseed.yaml"
  fi
  return 0
}

daemon_status() {
  daemon_answers || [ -z "$daemon_networks" ] || bad "$daemon_title does not answer"
  daemon_each "$daemon_networks" daemon_look
  ! daemon_answers || daemon_each "$daemon_pinned" daemon_look_pinned
  for daemon_bridge in $(! daemon_answers || daemon_left); do
    bad "bridge $daemon_bridge: is in no tenant any more, but has its addresses; apply.sh takes them"
  done
  return 0
}

apply_lxd() { daemon_apply; }
status_lxd() { daemon_status; }
apply_incus() { daemon_apply; }
status_incus() { daemon_status; }
