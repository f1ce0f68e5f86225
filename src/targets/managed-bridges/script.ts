import type { Script } from '../../render/target.js'
import type { Daemon } from './daemon.js'
import { leftFunctions } from './script-left.js'
import { pinnedFunctions } from './script-pinned.js'

/** The daemon's part of apply.sh: bridges of ours become what their files say; of the others only the MTU is set. */
export const textsOf = (daemon: Daemon): Omit<Script, 'variables'> => ({
  functions: functionsOf(daemon) + leftFunctions(daemon) + pinnedFunctions(daemon),
  apply: applyOf(daemon),
  status: statusOf(daemon),
})

const functionsOf = ({ name, title, client }: Daemon): string => String.raw`
# Calls the function $1 with the fields of each of the words that follow: BRIDGE, own or existing, MTU and
# ADDRESS… of a network; BRIDGE, CONTAINER and ADDRESS… of a container.
${name}_each() {
  ${name}_function=$1
  shift
  for ${name}_word in "$@"; do
    # shellcheck disable=SC2046 # its fields are to be words
    "$${name}_function" $(echo "$${name}_word" | tr '|,' '  ')
  done
}

# A snap's commands are not on every root's path.
${name}_installed() {
  case ":$PATH:" in *:/snap/bin:*) ;; *) PATH=$PATH:/snap/bin ;; esac
  have ${client}
}

${name}_answers() { ${name}_installed && ${client} query /1.0 >/dev/null 2>&1; }

# "KEY VALUE" lines of the bridge in the file $1; a value of several lines has \n between them.
${name}_keys() {
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
${name}_knows() {
  ${client} network show "$1" </dev/null >"$scratch/${name}.network" 2>/dev/null || return 1
  ${name}_keys "$scratch/${name}.network" >"$scratch/${name}.keys"
  grep -q '^managed: true' "$scratch/${name}.network"
}

# Whether the bridge last looked at has an option for its DHCP server that is of no use to it any more: as our file
# had it while the bridge was in a VRF, to the letter, and has no longer. One that the operator wrote is his.
${name}_outgrown() {
  ! grep -q '^  raw[.]dnsmasq:' "/etc/ciab/${name}/$1.yaml" &&
    grep -qx 'raw[.]dnsmasq port=0\(\\nno-dhcp-interface=[^\\]*\)*' "$scratch/${name}.keys"
}

# Whether the bridge last looked at has all keys of the file, and none of an older one that would do harm.
${name}_agrees() {
  ! ${name}_outgrown "$1" && ! ${name}_keys "/etc/ciab/${name}/$1.yaml" | grep -qvxF -f "$scratch/${name}.keys"
}

# Sets the keys of the file; "network edit" would also take away those that the operator added.
${name}_edit() {
  ${name}_bridge=$1
  ${name}_keys "/etc/ciab/${name}/$1.yaml" >"$scratch/${name}.set"
  set --
  while read -r ${name}_key ${name}_value; do
    set -- "$@" "$${name}_key=$(printf '%b' "$${name}_value")"
  done <"$scratch/${name}.set"
  # An empty value takes the key away.
  ! ${name}_outgrown "$${name}_bridge" || set -- "$@" raw.dnsmasq=
  ${client} network set "$${name}_bridge" "$@" </dev/null
}

${name}_create() {
  ${client} network create "$1" ipv4.address=none ipv6.address=none &&
    ${client} network edit "$1" <"/etc/ciab/${name}/$1.yaml"
}

${name}_bring() {
  if ${name}_knows "$1"; then
    if [ "$2" = own ]; then
      ${name}_agrees "$1" || change "edit the bridge $1" ${name}_edit "$1"
    elif ! grep -qxF "bridge.mtu $3" "$scratch/${name}.keys"; then
      change "set the MTU of the bridge $1 to $3" ${client} network set "$1" bridge.mtu="$3"
    fi
  elif [ "$2" = existing ]; then
    warn "${title} has no bridge $1, which mesh.ini says exists"
  elif ip link show dev "$1" >/dev/null 2>&1; then
    warn "$1 exists but is not ${title}'s: remove it, or name another bridge in mesh.ini"
  else
    change "create the bridge $1" ${name}_create "$1"
  fi
}

${name}_look() {
  ${name}_bridge=$1 ${name}_kind=$2 ${name}_mtu=$3
  shift 3
  ${name}_found=$(ip -o link show dev "$${name}_bridge" 2>/dev/null | sed -n 's/.* mtu \([0-9]*\) .*/\1/p')
  [ -n "$${name}_found" ] || { bad "bridge $${name}_bridge: absent"; return 0; }
  if [ "$${name}_found" = "$${name}_mtu" ]; then
    ok "bridge $${name}_bridge: MTU $${name}_mtu"
  else
    bad "bridge $${name}_bridge: MTU $${name}_found instead of $${name}_mtu"
  fi
  for ${name}_address in "$@"; do
    if ip -o address show dev "$${name}_bridge" | grep -qF " $${name}_address "; then
      ok "bridge $${name}_bridge: $${name}_address"
    else
      bad "bridge $${name}_bridge: no $${name}_address"
    fi
  done
  [ "$${name}_kind" = existing ] || ! ${name}_knows "$${name}_bridge" || ${name}_agrees "$${name}_bridge" ||
    bad "bridge $${name}_bridge: differs from /etc/ciab/${name}/$${name}_bridge.yaml; apply.sh mends that"
}
`

const applyOf = ({ name, title, client, init }: Daemon): string => String.raw`
  [ -n "$${name}_networks" ] || { ! ${name}_answers || ${name}_retire; return 0; }
  permit 755 root:root /etc/ciab/${name}
  permit 644 root:root /etc/ciab/${name}/*.yaml
  ${name}_installed || { advise 'install ${title}, then run apply.sh again: it makes the bridges'; return 0; }
  ${name}_answers || { advise '${title} does not answer: start it, then run apply.sh again'; return 0; }
  ${name}_retire
  # shellcheck disable=SC2086 # a word each
  ${name}_each ${name}_bring $${name}_networks
  # shellcheck disable=SC2086 # likewise
  ${name}_each ${name}_pin $${name}_pinned
  if [ -z "$(${client} storage list --format csv 2>/dev/null)" ] && [ -f /etc/ciab/${name}/preseed.yaml ]; then
    advise '${title} has no storage pool yet: ${init} --preseed </etc/ciab/${name}/preseed.yaml'
  fi
  return 0
`

const statusOf = ({ name, title }: Daemon): string => String.raw`
  ${name}_answers || [ -z "$${name}_networks" ] || bad '${title} does not answer'
  # shellcheck disable=SC2086 # a word each
  ${name}_each ${name}_look $${name}_networks
  # shellcheck disable=SC2086 # likewise
  ! ${name}_answers || ${name}_each ${name}_look_pinned $${name}_pinned
  for ${name}_bridge in $(! ${name}_answers || ${name}_left); do
    bad "bridge $${name}_bridge: is in no tenant any more, but has its addresses; apply.sh takes them"
  done
  return 0
`
