# Bridges of containers that leave a VRF. Only who made them deletes them, and a bridge without its VRF is in the
# host's own routing table, where a tenant's containers reach what they should not: so it is shut before that.

# Prints "DEVICE VERB TEXT", the verb "out" or "shut", of the bridges that are ports of our VRFs and should not be.
evpn_strays() {
  awk '$2 == "vrf" { print $1 }' "$scratch/evpn.found" | while read -r vrf; do
    for port in "/sys/class/net/$vrf"/lower_*; do
      port=${port##*/lower_}
      # What has another name than bridges of tenants have is there on somebody's purpose.
      case $port in ct-* | br-*) ;; *) continue ;; esac
      if evpn_marked "$port"; then
        continue
      elif evpn_is_hosted "$port"; then
        echo "$port out take $port out of $vrf, into this host's own routing table"
      elif ! evpn_is_wanted "$port"; then
        ! evpn_up "$port" || echo "$port shut shut $port, which is in no tenant any more"
      elif grep -qxF "$vrf" "$scratch/evpn.misfits"; then
        ! evpn_up "$port" || echo "$port shut shut $port until it is in its VRF again"
      fi
    done
  done
  # Who made it may have brought it up again, with no VRF around it.
  evpn_shut_ones | while read -r port; do
    [ -e "/sys/class/net/$port/master" ] || evpn_is_hosted "$port" || evpn_is_wanted "$port" || ! evpn_up "$port" ||
      echo "$port shut shut $port once more, which is in no tenant any more"
  done
}

# By the last bit of its flags (netdevice(7)).
evpn_up() { read -r flags <"/sys/class/net/$1/flags" && case $flags in *[13579bdf]) ;; *) return 1 ;; esac; }

# To be in this host's own routing table.
evpn_is_hosted() { case " $bridges " in *" $1 "*) ;; *) return 1 ;; esac; }

# To be in a VRF, whichever: networks.sh takes it from one to the other.
evpn_is_wanted() { cut -d ' ' -f 1,2 "$scratch/evpn.wanted" | grep -qxF "$1 in"; }

# Prints the bridges that we shut.
evpn_shut_ones() {
  for link in /sys/class/net/*; do
    if evpn_marked "${link##*/}" shut || evpn_listed "${link##*/}"; then echo "${link##*/}"; fi
  done
}

evpn_part() {
  while read -r port verb text; do
    change "$text" "evpn_$verb" "$port" || return 1
  done <"$scratch/evpn.strays"
}

evpn_out() { ip link set "$1" nomaster; }

# The alias says whose turn it is to bring it up. It goes with the device, which LXD and Incus make anew at
# boot: the list outlives that, and guard.sh drops what comes out of the bridges on it.
evpn_shut() {
  evpn_is_wanted "$1" || evpn_listed "$1" || evpn_list "$1" || return 1
  ip link set "$1" down && ip link set "$1" alias "ciab-gen $mesh shut"
}

evpn_open() {
  ip link set "$1" up && ip link set "$1" alias '' || return 1
  ! evpn_listed "$1" || evpn_unlist "$1"
}

evpn_listed() { grep -qsxF -e "$1" "/var/lib/ciab/$mesh.shut"; }

evpn_list() { mkdir -p /var/lib/ciab && printf '%s\n' "$1" >>"/var/lib/ciab/$mesh.shut" && evpn_guard; }

evpn_unlist() {
  grep -vxF -e "$1" "/var/lib/ciab/$mesh.shut" >"$scratch/evpn.shut"
  cat "$scratch/evpn.shut" >"/var/lib/ciab/$mesh.shut" && evpn_guard
}

evpn_guard() { [ ! -e /etc/ciab/guard.sh ] || sh /etc/ciab/guard.sh; }

# Prints those that their maker has deleted.
evpn_gone() {
  [ -r "/var/lib/ciab/$mesh.shut" ] || return 0
  while read -r port; do
    [ -e "/sys/class/net/$port" ] || echo "$port"
  done <"/var/lib/ciab/$mesh.shut"
}

# Prints those that are where they should be, and have to be brought up again.
evpn_closed() {
  evpn_shut_ones | while read -r port; do
    master=$(basename "$(readlink -f "/sys/class/net/$port/master")")
    evpn_is_hosted "$port" || grep -qxF "$port in $master" "$scratch/evpn.wanted" || continue
    echo "$port"
  done
}

# Prints those that are nowhere wanted.
evpn_homeless() {
  evpn_shut_ones | while read -r port; do
    evpn_is_hosted "$port" || evpn_is_wanted "$port" || echo "$port"
  done
}
