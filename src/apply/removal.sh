# --remove: the mesh off this host, from the top down, so that nothing is ever without what it stands on: routes first,
# the packet filter last. Each part takes away what runs; the files go when nothing reads them any more.

run_remove() {
  if [ ! -r "$sums" ]; then
    printf 'apply.sh: cannot read %s, which says what is to be removed: copy the tree again\n' "$sums" >&2
    exit 1
  fi
  files_look
  # Whatever stops this half-way does not come back at the next boot.
  for unit in $units; do unit_disable "$unit"; done
  removal_stop_units .timer
  removal_parts=
  for part in $parts; do removal_parts="$part $removal_parts"; done
  for part in $removal_parts; do
    "remove_$part" || stop
  done
  removal_stop_units .service
  change 'delete the files of the mesh, keys and all, and what is remembered of it' removal_delete || stop
  removal_left
}

# removal_stop_units KIND: what systemd takes for started would be in its list until the next boot, and what a timer starts
# would look for what is going.
removal_stop_units() {
  [ -d /run/systemd/system ] || return 0
  for unit in $units; do
    case $unit in
      ciab-*"$1") systemctl is-active --quiet "$unit" && change "stop $unit" systemctl stop "$unit" ;;
    esac
  done
  return 0
}

# Prints the paths of the tree, of the one before it, and of what parts have beside their trees. FRR's files are seen
# to by its part. Those without which this could not be run once more come last.
removal_paths() {
  {
    cat "$scratch/files.paths" "$scratch/files.gone"
    for part in $parts; do
      ! have "beside_$part" || "beside_$part" | sed 's/^\///'
    done
  } | grep -v -e '^etc/frr/' -e '^etc/ciab/apply\.' | sort -u
}

removal_delete() {
  removal_paths >"$scratch/removal"
  while read -r path; do
    files_delete "$path" || return 1
  done <"$scratch/removal"
  ! [ -d /run/systemd/system ] || systemctl daemon-reload || return 1
  for folder in keys lxd incus; do rmdir "/etc/ciab/$folder" 2>/dev/null; done
  rm -rf /var/lib/ciab
  rm -f "$sums" /etc/ciab/apply.sh /etc/ciab/apply.conf && rm -rf /run/ciab || return 1
  rmdir /etc/ciab 2>/dev/null
  sync
}

# What stands in our directory and is not ours.
removal_left() {
  for path in /etc/ciab/* /etc/ciab/*/*; do
    dry || [ ! -f "$path" ] || advise "$path is not from here, and left"
  done
}
