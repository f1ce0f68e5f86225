# Which devices are ours, and as they should be. Another's with a name of ours is neither taken over nor deleted.

# evpn_marked DEVICE [WORD]: whether its alias is our mark, and no more: what follows may be the rest of
# another mesh's name.
evpn_marked() {
  alias=
  { IFS= read -r alias <"/sys/class/net/$1/ifalias"; } 2>/dev/null
  [ "$alias" = "ciab-gen $mesh${2:+ $2}" ]
}

# Prints "NAME KIND VNI" of each device that is ours.
evpn_found() {
  for link in /sys/class/net/*; do
    evpn_marked "${link##*/}" || continue
    ip -o -d link show dev "${link##*/}" | awk -v name="${link##*/}" '{
      gsub(/\\/, " ")
      kind = vni = ""
      for (i = 3; i < NF; i++) {
        if ($i == "vxlan" && $(i + 1) == "id") { kind = "vxlan"; vni = $(i + 2) }
        if ($i == "vrf" && $(i + 1) == "table") { kind = "vrf"; vni = $(i + 2) }
        if ($i == "bridge" && kind == "") kind = "bridge"
      }
      print name, kind, vni
    }'
  done
}

# Prints the names of wanted devices that somebody else has made.
evpn_foreign() {
  awk '$2 != "in" { print $1 }' "$scratch/evpn.wanted" | while read -r device; do
    [ ! -e "/sys/class/net/$device" ] || evpn_marked "$device" || echo "$device"
  done
}

# Prints "RANK NAME" of devices of ours that are not as networks.sh would make them, or that it would not make
# at all. By rank they can be removed: none of them is ever without the one that it is a port of.
evpn_misfits() {
  {
    awk 'from == "found" { if ($2 == "bridge" ? is[$1] !~ /^bridge / : is[$1] != $2 " " $3) print $1 }
      from == "wanted" && $2 != "in" { is[$1] = $2 " " $3 }
    ' from=wanted "$scratch/evpn.wanted" from=found "$scratch/evpn.found"
    awk '$2 == "vxlan" { print $1 }' "$scratch/evpn.found" | while read -r device; do
      case "$(ip -o -d link show dev "$device")" in
        *"link/ether $evpn_mac "*" local $evpn_local "*" dstport $evpn_port "*) ;;
        *) echo "$device" ;;
      esac
    done
    awk '$2 == "bridge" { print $1 }' "$scratch/evpn.found" | while read -r device; do
      case "$(ip -o link show dev "$device")" in *"link/ether $evpn_mac "*) ;; *) echo "$device" ;; esac
    done
  } | while read -r device; do
    echo "$device"
    evpn_below "$device"
  done | awk 'from == "found" { kind[$1] = $2; next }
    { print kind[$1] == "vxlan" ? 1 : kind[$1] == "bridge" ? 2 : 3, $1 }
  ' from=found "$scratch/evpn.found" from=misfits -
}

# Prints the ports of ours below the device: without it they would be the host's own, and take in what others send.
evpn_below() {
  for lower in "/sys/class/net/$1"/lower_*; do
    evpn_marked "${lower##*/lower_}" || continue
    echo "${lower##*/lower_}"
    evpn_below "${lower##*/lower_}"
  done
}

evpn_remove() {
  for device in "$@"; do
    ip link del "$device" || return 1
  done
}

# The MTU is changed in place, like that of the tunnel.
evpn_mtus() {
  awk '$2 == "vxlan" || $2 == "bridge" { print $1 }' "$scratch/evpn.wanted" >"$scratch/evpn.devices"
  while read -r device; do
    evpn_marked "$device" || continue
    case "$(ip -o link show dev "$device")" in
      *" mtu $evpn_mtu "*) ;;
      *) change "set the MTU of $device to $evpn_mtu" ip link set "$device" mtu "$evpn_mtu" ;;
    esac
  done <"$scratch/evpn.devices"
}
