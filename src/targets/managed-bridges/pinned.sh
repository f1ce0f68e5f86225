# Containers whose addresses are fixed. The daemon gives such an address to an instance's network device, so
# it can be set only once the instance exists: those of the instances there are get set, and it is said how to
# create the others with theirs.

# Leaves what the daemon says of the instance $2 in $scratch, and its device on the bridge $1 in daemon_device.
daemon_find() {
  "$daemon_client" config show "$2" --expanded </dev/null >"$scratch/daemon.instance" 2>/dev/null || return 1
  daemon_device=$(daemon_devices | awk -v bridge="$1" '
    ($2 == "network" || $2 == "parent") && $3 == bridge { print $1; exit }')
}

# "DEVICE KEY VALUE" lines of the instance found.
daemon_devices() {
  awk '
    /^[^ ]/ { inside = ($0 == "devices:") }
    inside && /^  [^ ]/ { device = $1; sub(/:$/, "", device) }
    inside && /^    [^ ]/ { key = $1; sub(/:$/, "", key); gsub(/"/, "", $2); print device, key, $2 }
  ' "$scratch/daemon.instance"
}

# "KEY=VALUE" words: of the addresses given, those that the device found has not.
daemon_lacks() {
  for daemon_address in "$@"; do
    case $daemon_address in *:*) daemon_key=ipv6.address ;; *) daemon_key=ipv4.address ;; esac
    daemon_devices | grep -qxF "$daemon_device $daemon_key $daemon_address" ||
      printf '%s=%s ' "$daemon_key" "$daemon_address"
  done
}

# A device that comes from a profile becomes the instance's own, with all that the profile says of it.
daemon_override() {
  if "$daemon_client" config device list "$1" </dev/null | grep -qxF -e "$2"; then
    "$daemon_client" config device set "$@" </dev/null
  else
    "$daemon_client" config device override "$@" </dev/null
  fi
}

daemon_pin() {
  daemon_bridge=$1 daemon_instance=$2
  shift 2
  if ! daemon_find "$daemon_bridge" "$daemon_instance"; then
    case $daemon_networks in
      # The one that containers get by themselves, from the default profile.
      "$daemon_bridge|"*)
        daemon_options=$(daemon_lacks "$@" | sed 's/\([^ ]*\) / --device eth0,\1/g')
        advise "$daemon_instance is to have $* on $daemon_bridge: $daemon_client launch IMAGE $daemon_instance$daemon_options (or create it otherwise, and run apply.sh again)"
        ;;
      *) advise "$daemon_instance is to have $* on $daemon_bridge: give it a network device there, and run apply.sh again" ;;
    esac
  elif [ -z "$daemon_device" ]; then
    warn "the container $daemon_instance has no network device on $daemon_bridge"
  else
    daemon_lacking=$(daemon_lacks "$@")
    [ -z "$daemon_lacking" ] ||
      change "fix $daemon_lacking for $daemon_instance, which takes it with its next lease or start" \
        with "$daemon_lacking" daemon_override "$daemon_instance" "$daemon_device"
  fi
  # Whatever is wrong with one container, the others and the routes can do without it.
  return 0
}

daemon_look_pinned() {
  daemon_bridge=$1 daemon_instance=$2
  shift 2
  if ! daemon_find "$daemon_bridge" "$daemon_instance"; then
    ok "container $daemon_instance: not created yet"
  elif [ -z "$daemon_device" ]; then
    bad "container $daemon_instance: no network device on $daemon_bridge"
  elif [ -n "$(daemon_lacks "$@")" ]; then
    bad "container $daemon_instance: its address is not fixed to $*; apply.sh mends that"
  else
    ok "container $daemon_instance: $*"
  fi
}
