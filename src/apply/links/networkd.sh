# Where systemd-networkd makes the interfaces, whoever writes its files: what it reads, and what it makes of them.

link_networkd_permits() {
  permit 755 root:root /etc/systemd/networkd.conf.d
  permit 644 root:root "/etc/systemd/networkd.conf.d/60-$mesh.conf" "/etc/sysctl.d/60-$mesh.conf"
  permit 750 root:systemd-network /etc/ciab/keys
  for file in /etc/ciab/keys/*; do
    [ ! -f "$file" ] || [ -h "$file" ] || permit 640 root:systemd-network "$file"
  done
}

# link_networkd_await: waits until it is done with both interfaces.
link_networkd_await() {
  tries=0
  while [ "$tries" -lt 120 ]; do
    link_networkd_made "$mesh" && { [ -z "$link_overlay" ] || link_networkd_made "$link_overlay"; } && return 0
    tries=$((tries + 1))
    sleep 0.5
  done
  with "$mesh $link_overlay" networkctl --no-pager status
  return 1
}

link_networkd_made() {
  link_exists "$1" && networkctl list --no-legend "$1" 2>/dev/null | grep -q ' configured *$'
}

# link_networkd_keys: deletes preshared keys that no peer has any more. Those in use are in $scratch, one path
# on each line. What else lies in the folder, by its kind or its name, is not from here.
link_networkd_keys() {
  find /etc/ciab/keys -maxdepth 1 -type f -name '*.psk' 2>/dev/null |
    grep -x '/etc/ciab/keys/[A-Za-z0-9][A-Za-z0-9-]*\.psk' | sort >"$scratch/keys.found"
  grep -vxF -f "$scratch/keys.used" "$scratch/keys.found" >"$scratch/keys.old" || return 0
  peers=$(sed 's/.*\///; s/\.psk$//' "$scratch/keys.old" | link_list)
  change "delete the preshared keys of $peers, which no peer has any more" with "$(cat "$scratch/keys.old")" rm -f
}

# The kernel's settings of both interfaces; there is no file where the guard is.
link_unsettled() {
  [ ! -e "/etc/sysctl.d/60-$mesh.conf" ] || unsettled "/etc/sysctl.d/60-$mesh.conf"
}

link_settings() {
  [ -z "$(link_unsettled)" ] ||
    change "set in the kernel: $(link_unsettled | paste -s -d ' ')" sysctl -q -p "/etc/sysctl.d/60-$mesh.conf"
}

link_networkd_status() {
  if systemctl is-active --quiet systemd-networkd 2>/dev/null; then
    ok 'systemd-networkd: running'
  else
    bad 'systemd-networkd: not running'
  fi
}

link_settings_status() {
  for key in $(link_unsettled); do
    bad "kernel settings: $key is $(sysctl -e -n "$key" 2>/dev/null)"
  done
}
