# The VXLAN device, by difference.

# Prints what of the device cannot be changed in place and is not as it should be.
link_overlay_misfits() {
  ip -o -d link show dev "$link_overlay" | awk -v id="$link_overlay_vni" -v local="$link_overlay_local" \
    -v port="$link_overlay_port" -v mac="$link_overlay_mac" -v carrier="$mesh" '
    {
      gsub(/\\/, " ")
      for (i = 1; i < NF; i++) {
        if ($i == "link/ether") is["MAC"] = $(i + 1)
        if ($i == "vxlan") vxlan = 1
        if (!vxlan) continue
        if ($i == "id" || $i == "local" || $i == "dev" || $i == "dstport" || $i == "ttl") is[$i] = $(i + 1)
        if ($i == "nolearning") is["learning"] = "off"
      }
    }
    END {
      should["id"] = id; should["local"] = local; should["dstport"] = port; should["MAC"] = mac
      should["dev"] = carrier; should["ttl"] = 64; should["learning"] = "off"
      for (what in should) if (is[what] != should[what]) print what
    }' | sort | tr '\n' ' '
}

# Prints "MAC VTEP INTERFACE" of each entry in the file, and of each that the kernel has.
link_overlay_wanted() { cut -d ' ' -f 1-3 "$scratch/overlay.fdb" | sort -u; }

link_overlay_found() {
  bridge fdb show dev "$link_overlay" | awk '
    / extern_learn/ { next }
    {
      vtep = ""
      via = "-"
      for (i = 2; i < NF; i++) {
        if ($i == "dst") vtep = $(i + 1)
        if ($i == "via") via = $(i + 1)
      }
      if (vtep != "") print $1, vtep, via
    }' | sort -u
}

# Prints the nodes of the entries on standard input, in the file's order; of those it does not know, the VTEP.
link_overlay_named() {
  awk 'from == "entries" { wanted[$2]; next }
    $2 in wanted { print $4; delete wanted[$2] }
    END { for (vtep in wanted) print vtep }' from=entries - from=file "$scratch/overlay.fdb" | link_list
}

# Entries by difference: the new ones come, then the old ones go, and those that stay are not touched.
link_overlay_entries() {
  link_overlay_wanted >"$scratch/fdb"
  link_overlay_found >"$scratch/fdb.found"
  comm -23 "$scratch/fdb" "$scratch/fdb.found" >"$scratch/fdb.new"
  if [ -s "$scratch/fdb.new" ]; then
    awk -v dev="$link_overlay" '{
      verb = $1 == "00:00:00:00:00:00" ? "append" : "replace"
      print "fdb", verb, $1, "dev", dev, "dst", $2, $3 == "-" ? "" : "via " $3, "self permanent"
    }' "$scratch/fdb.new" >"$scratch/fdb.batch"
    change "add to the forwarding entries of $link_overlay: $(link_overlay_named <"$scratch/fdb.new")" \
      bridge -batch "$scratch/fdb.batch" || return 1
    dry || link_overlay_found >"$scratch/fdb.found"
  fi
  # A MAC address that moves to another VTEP has been replaced above.
  comm -13 "$scratch/fdb" "$scratch/fdb.found" | awk '
    NR == FNR { if ($1 != "00:00:00:00:00:00") kept[$1]; next }
    !($1 in kept)' "$scratch/fdb" - >"$scratch/fdb.old"
  if [ -s "$scratch/fdb.old" ]; then
    awk -v dev="$link_overlay" '{
      print "fdb del", $1, "dev", dev, "dst", $2, $3 == "-" ? "" : "via " $3, "self"
    }' "$scratch/fdb.old" >"$scratch/fdb.batch"
    change "remove from the forwarding entries of $link_overlay: $(link_overlay_named <"$scratch/fdb.old")" \
      bridge -batch "$scratch/fdb.batch" || return 1
  fi
}

# link_overlay_apply CREATE: CREATE makes the device whole, in the place of one that is there.
link_overlay_apply() {
  if ! link_exists "$link_overlay"; then
    change "create $link_overlay" "$1" || return 1
    dry || link_overlay_places
    return 0
  fi
  misfits=$(link_overlay_misfits)
  if [ -n "$misfits" ]; then
    change "make $link_overlay anew, for its ${misfits% }" "$1" || return 1
    dry || { link_overlay_anew=yes && link_overlay_places; }
    return 0
  fi
  [ "$(link_mtu_of "$link_overlay")" = "$link_overlay_mtu" ] ||
    change "set the MTU of $link_overlay to $link_overlay_mtu" ip link set "$link_overlay" mtu "$link_overlay_mtu"
  link_overlay_entries || return 1
  case $(ip link show dev "$link_overlay" up) in
    '') change "bring up $link_overlay" ip link set "$link_overlay" up || return 1 ;;
  esac
  link_overlay_places
}

# systemd-networkd gives it the broadcast address. Version 252 asks for it 65,000 times, and then takes the device for
# failed, where it finds the address without; 257 takes the address away first, and routes go with it.
link_overlay_places() { link_places "$link_overlay" "$link_overlay_addresses" 'brd +' "$scratch/overlay.routes"; }
