# guard: the packet filter and the kernel settings

guard_vrfs='' guard_joined=''

guard_loaded() {
  nft list table inet ciab >/dev/null 2>&1 || return 1
  for family in bridge arp; do
    ! grep -qx "table $family ciab" "/etc/ciab/$mesh.nft" || nft list table "$family" ciab >/dev/null 2>&1 || return 1
  done
  cmp -s "/etc/ciab/$mesh.nft" "/run/ciab/$mesh.nft"
}

# nftables.service is not ours to start, so that the frame asks of it nothing; but a file of it is ours.
guard_reload() {
  [ -d /run/systemd/system ] || return 0
  # What the frame has read anew already in a run, in a dry run it has only announced.
  ! dry || ! units_outdated "$units" || return 0
  ! units_outdated nftables.service || change 'let systemd read its units anew' systemctl daemon-reload
}

# Prints the commands that let the mesh through filters that are not ours: a packet that one table accepts,
# another may still drop. A tenant's packets come from its VRF once they are routed; what it may do our own
# table says. From its bridges come those that are for the link alone or, with br_netfilter, stay on it.
guard_missing() {
  if [ "$(ufw status 2>/dev/null | sed 1q)" = 'Status: active' ]; then
    guard_missing_ufw
  elif have firewall-cmd && limited 60 firewall-cmd --state >/dev/null 2>&1; then
    guard_missing_firewalld
  else
    guard_missing_forward iptables ip
    guard_missing_forward ip6tables ip6
  fi
}

guard_missing_ufw() {
  {
    printf 'ufw allow %s/udp\n' "$guard_port"
    for interface in $guard_inside $bridges $guard_vrfs $guard_joined; do
      printf 'ufw allow in on %s\n' "$interface"
    done
    printf 'ufw route allow in on %s out on %s\n' "$mesh" "$mesh"
    for interface in $bridges; do
      printf 'ufw route allow in on %s\n' "$interface"
      printf 'ufw route allow in on %s out on %s\n' "${guard_inside##* }" "$interface"
    done
    for interface in $guard_vrfs; do
      printf 'ufw route allow in on %s\n' "$interface"
    done
    for interface in $guard_joined; do
      printf 'ufw route allow in on %s out on %s\n' "$interface" "$interface"
    done
  } >"$scratch/ufw"
  ufw show added 2>/dev/null | grep -vxF -f - "$scratch/ufw"
}

guard_missing_firewalld() {
  limited 60 firewall-cmd --query-port="$guard_port/udp" >/dev/null 2>&1 ||
    printf 'firewall-cmd --permanent --add-port=%s/udp && firewall-cmd --reload\n' "$guard_port"
  for interface in $guard_inside $bridges $guard_vrfs $guard_joined; do
    [ "$(limited 60 firewall-cmd --get-zone-of-interface="$interface" 2>/dev/null)" = trusted ] ||
      printf 'firewall-cmd --permanent --zone=trusted --add-interface=%s && firewall-cmd --reload\n' \
        "$interface"
  done
}

# guard_missing_forward TOOL FAMILY: Docker sets the policy of FORWARD to DROP. Asks iptables only where it
# has rules already, because asking would load its modules.
guard_missing_forward() {
  have "$1" || return 0
  nft list chain "$2" filter FORWARD >/dev/null 2>&1 ||
    grep -qsx filter "/proc/net/$2_tables_names" || return 0
  [ "$("$1" -S FORWARD 2>/dev/null | sed 1q)" = '-P FORWARD DROP' ] || return 0
  chain=FORWARD
  "$1" -S DOCKER-USER >/dev/null 2>&1 && chain=DOCKER-USER
  {
    printf -- '-i %s -o %s\n' "$mesh" "$mesh"
    for interface in $bridges; do
      printf -- '-i %s\n' "$interface"
      printf -- '-i %s -o %s\n' "${guard_inside##* }" "$interface"
      printf -- '-o %s -m conntrack --ctstate RELATED,ESTABLISHED\n' "$interface"
    done
    for interface in $guard_vrfs; do
      printf -- '-i %s\n' "$interface"
    done
    for interface in $guard_joined; do
      printf -- '-i %s -o %s\n' "$interface" "$interface"
    done
  } | while read -r match; do
    with "$match -j ACCEPT" "$1" -C "$chain" 2>/dev/null || printf '%s -I %s %s -j ACCEPT\n' "$1" "$chain" "$match"
  done
}

apply_guard() {
  permit 755 root:root /etc/ciab/guard.sh
  permit 644 root:root "/etc/ciab/$mesh.nft" "/etc/ciab/$mesh.sysctl" /etc/ciab/guard.conf /etc/systemd/system/ciab-guard.service \
    /etc/systemd/system/ciab-forward.service /etc/systemd/system/nftables.service.d/ciab.conf
  guard_reload
  if ! have nft; then
    warn 'nft is not installed: apt-get install nftables'
    return 1
  fi
  keys=$(unsettled "/etc/ciab/$mesh.sysctl" | paste -s -d ' ')
  if ! guard_loaded; then
    if ! nft -c -f "/etc/ciab/$mesh.nft"; then
      warn "nft does not take /etc/ciab/$mesh.nft"
      return 1
    fi
    change 'load the packet filter and the kernel settings' sh /etc/ciab/guard.sh || return 1
  elif [ -n "$keys" ]; then
    change "set in the kernel: $keys" sh /etc/ciab/guard.sh || return 1
  fi
  guard_missing >"$scratch/missing"
  if [ -s "$scratch/missing" ]; then
    advise "another firewall on this host drops the mesh's packets; it needs, and again at each boot unless it keeps them:"
    while read -r rule; do
      advise "$rule"
    done <"$scratch/missing"
  fi
  return 0
}

status_guard() {
  if guard_loaded; then
    ok 'packet filter: loaded'
  elif nft list table inet ciab >/dev/null 2>&1; then
    bad "packet filter: not that of /etc/ciab/$mesh.nft"
  else
    bad 'packet filter: not loaded'
  fi
  keys=$(unsettled "/etc/ciab/$mesh.sysctl")
  [ -n "$keys" ] || ok 'kernel settings: as they should be'
  for key in $keys; do
    bad "kernel settings: $key is $(sysctl -n "$key")"
  done
  guard_missing >"$scratch/missing"
  while read -r rule; do
    bad "another firewall drops the mesh's packets; missing: $rule"
  done <"$scratch/missing"
  return 0
}
