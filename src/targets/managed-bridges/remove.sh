# Bridges of the daemon are its own, and so are the containers on them: those that nothing uses are deleted, of the
# others it is said what is left of the mesh.

daemon_remove() {
  [ -n "$daemon_networks" ] || return 0
  daemon_installed || return 0
  if ! daemon_answers; then
    lack "$daemon_title does not answer, so that its bridges are left: $(daemon_each "$daemon_networks" daemon_name | listed)"
    return 0
  fi
  daemon_each "$daemon_networks" daemon_unmake
}

daemon_name() { echo "$1"; }

daemon_unmake() {
  daemon_knows "$1" || return 0
  if [ "$2" = existing ]; then
    ! grep -qxF "bridge.mtu $3" "$scratch/daemon.keys" ||
      advise "$1 is left, with the MTU of the mesh: $daemon_client network unset $1 bridge.mtu"
  elif grep -qx 'used_by: \[\]' "$scratch/daemon.network"; then
    change "delete the bridge $1, which nothing uses" "$daemon_client" network delete "$1"
  else
    # In the host's own routing table a tenant's containers would reach what they should not.
    ! grep -qx 'dns[.]mode none' "$scratch/daemon.keys" || ! grep -q '^ipv[46][.]address [^n]' "$scratch/daemon.keys" ||
      change "take its addresses from $1, which is in no tenant any more" \
        "$daemon_client" network set "$1" ipv4.address=none ipv6.address=none
    advise "$1 is left, because something uses it: $daemon_client network show $1, and once that is gone $daemon_client network delete $1"
  fi
}

remove_lxd() { daemon_remove; }
remove_incus() { daemon_remove; }
