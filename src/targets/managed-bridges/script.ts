import type { Script } from '../../render/target.js'

/** How one of the two daemons is spoken to. */
export interface Daemon {
  /** The target's name, which is also the folder in etc/ciab. */
  readonly name: string
  /** As people write it. */
  readonly title: string
  readonly client: string
  /** The command that takes a preseed. */
  readonly init: string
}

/** The daemon's part of apply.sh: bridges of ours become what their files say; of the others only the MTU is set. */
export const textsOf = (daemon: Daemon): Omit<Script, 'variables'> => ({
  functions: functionsOf(daemon),
  apply: applyOf(daemon),
  status: statusOf(daemon),
})

const functionsOf = ({ name, title, client }: Daemon): string => String.raw`
# Calls the function $1 with BRIDGE, own or existing, MTU and ADDRESS… of each network.
${name}_each() {
  for ${name}_network in $${name}_networks; do
    # shellcheck disable=SC2046 # its fields are to be words
    "$1" $(echo "$${name}_network" | tr '|,' '  ')
  done
}

# A snap's commands are not on every root's path.
${name}_installed() {
  case ":$PATH:" in *:/snap/bin:*) ;; *) PATH=$PATH:/snap/bin ;; esac
  have ${client}
}

${name}_answers() { ${name}_installed && ${client} query /1.0 >/dev/null 2>&1; }

# "KEY VALUE" lines of a bridge's file.
${name}_keys() {
  sed -n '/^config:/,$s/^  \([a-z0-9._]*\): "\{0,1\}\([^"]*\)"\{0,1\}$/\1 \2/p' "/etc/ciab/${name}/$1.yaml"
}

${name}_agrees() {
  ${name}_keys "$1" >"$scratch/${name}.keys"
  while read -r ${name}_key ${name}_value; do
    [ "$(${client} network get "$1" "$${name}_key" </dev/null 2>/dev/null)" = "$${name}_value" ] || return 1
  done <"$scratch/${name}.keys"
}

# Sets the keys of the file; "network edit" would also take away those that the operator added.
${name}_edit() {
  ${name}_keys "$1" | sed 's/ /=/' >"$scratch/${name}.set"
  # shellcheck disable=SC2046 # one word each: no value has a blank
  ${client} network set "$1" $(cat "$scratch/${name}.set")
}

${name}_create() {
  ${client} network create "$1" ipv4.address=none ipv6.address=none &&
    ${client} network edit "$1" <"/etc/ciab/${name}/$1.yaml"
}

${name}_bring() {
  if ${client} network show "$1" 2>/dev/null | grep -q '^managed: true'; then
    if [ "$2" = own ]; then
      ${name}_agrees "$1" || change "edit the bridge $1" ${name}_edit "$1"
    elif [ "$(${client} network get "$1" bridge.mtu)" != "$3" ]; then
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
  [ "$${name}_kind" = existing ] || ! ${name}_answers || ${name}_agrees "$${name}_bridge" ||
    bad "bridge $${name}_bridge: differs from /etc/ciab/${name}/$${name}_bridge.yaml; apply.sh mends that"
}
`

const applyOf = ({ name, title, client, init }: Daemon): string => String.raw`
  [ -n "$${name}_networks" ] || return 0
  ${name}_installed || { advise 'install ${title}, then run apply.sh again: it makes the bridges'; return 0; }
  ${name}_answers || { advise '${title} does not answer: start it, then run apply.sh again'; return 0; }
  ${name}_each ${name}_bring
  if [ -z "$(${client} storage list --format csv 2>/dev/null)" ] && [ -f /etc/ciab/${name}/preseed.yaml ]; then
    advise '${title} has no storage pool yet: ${init} --preseed </etc/ciab/${name}/preseed.yaml'
  fi
  return 0
`

const statusOf = ({ name, title }: Daemon): string => String.raw`
  ${name}_answers || [ -z "$${name}_networks" ] || bad '${title} does not answer'
  ${name}_each ${name}_look
  return 0
`
