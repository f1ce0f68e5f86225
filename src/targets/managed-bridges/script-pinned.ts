import type { Daemon } from './daemon.js'

/**
 * The daemon gives a fixed address to an instance's network device, so it can be set only once the instance
 * exists: `apply.sh` sets those of the instances there are, and says how to create the others with theirs.
 */
export const pinnedFunctions = ({ name, client }: Daemon): string => String.raw`
# Leaves what the daemon says of the instance $2 in $scratch, and its device on the bridge $1 in ${name}_device.
${name}_find() {
  ${client} config show "$2" --expanded </dev/null >"$scratch/${name}.instance" 2>/dev/null || return 1
  ${name}_device=$(${name}_devices | awk -v bridge="$1" '
    ($2 == "network" || $2 == "parent") && $3 == bridge { print $1; exit }')
}

# "DEVICE KEY VALUE" lines of the instance found.
${name}_devices() {
  awk '
    /^[^ ]/ { inside = ($0 == "devices:") }
    inside && /^  [^ ]/ { device = $1; sub(/:$/, "", device) }
    inside && /^    [^ ]/ { key = $1; sub(/:$/, "", key); gsub(/"/, "", $2); print device, key, $2 }
  ' "$scratch/${name}.instance"
}

# "KEY=VALUE" words: of the addresses given, those that the device found has not.
${name}_lacks() {
  for ${name}_address in "$@"; do
    case $${name}_address in *:*) ${name}_key=ipv6.address ;; *) ${name}_key=ipv4.address ;; esac
    ${name}_devices | grep -qxF "$${name}_device $${name}_key $${name}_address" ||
      printf '%s=%s ' "$${name}_key" "$${name}_address"
  done
}

# A device that comes from a profile becomes the instance's own, with all that the profile says of it.
${name}_override() {
  if ${client} config device list "$1" </dev/null | grep -qxF -e "$2"; then
    ${client} config device set "$@" </dev/null
  else
    ${client} config device override "$@" </dev/null
  fi
}

${name}_pin() {
  ${name}_bridge=$1 ${name}_instance=$2
  shift 2
  if ! ${name}_find "$${name}_bridge" "$${name}_instance"; then
    case $${name}_networks in
      # The one that containers get by themselves, from the default profile.
      "$${name}_bridge|"*)
        ${name}_options=$(${name}_lacks "$@" | sed 's/\([^ ]*\) / --device eth0,\1/g')
        advise "$${name}_instance is to have $* on $${name}_bridge: ${client} launch IMAGE $${name}_instance$${name}_options (or create it otherwise, and run apply.sh again)"
        ;;
      *) advise "$${name}_instance is to have $* on $${name}_bridge: give it a network device there, and run apply.sh again" ;;
    esac
  elif [ -z "$${name}_device" ]; then
    warn "the container $${name}_instance has no network device on $${name}_bridge"
  else
    ${name}_lacking=$(${name}_lacks "$@")
    # shellcheck disable=SC2086 # one word each: no address has a blank
    [ -z "$${name}_lacking" ] ||
      change "fix $${name}_lacking for $${name}_instance, which takes it with its next lease or start" \
        ${name}_override "$${name}_instance" "$${name}_device" $${name}_lacking
  fi
  # Whatever is wrong with one container, the others and the routes can do without it.
  return 0
}

${name}_look_pinned() {
  ${name}_bridge=$1 ${name}_instance=$2
  shift 2
  if ! ${name}_find "$${name}_bridge" "$${name}_instance"; then
    ok "container $${name}_instance: not created yet"
  elif [ -z "$${name}_device" ]; then
    bad "container $${name}_instance: no network device on $${name}_bridge"
  elif [ -n "$(${name}_lacks "$@")" ]; then
    bad "container $${name}_instance: its address is not fixed to $*; apply.sh mends that"
  else
    ok "container $${name}_instance: $*"
  fi
}
`
