import { shell } from '../../render/shell.js'

/** What `apply.sh` does about the VXLAN device. */
export const overlayFunctions = shell`
# wg-quick: the VXLAN device

# The same as the tunnel's PostUp hooks.
vx_create() {
  ip link del "$vx_interface" 2>/dev/null
  ip link add "$vx_interface" mtu "$vx_mtu" address "$vx_mac" type vxlan id "$vx_id" local "$vx_local" \
    dev "$mesh" dstport "$vx_port" ttl 64 nolearning || return 1
  for address in $vx_addresses; do
    case $address in
      *:*) ip address add "$address" dev "$vx_interface" nodad || return 1 ;;
      *) ip address add "$address" dev "$vx_interface" || return 1 ;;
    esac
  done
  bridge -batch "/etc/ciab/$mesh.fdb" && ip link set "$vx_interface" up
}

# Prints what of the device cannot be changed in place and is not as it should be.
vx_misfits() {
  ip -o -d link show dev "$vx_interface" | awk -v id="$vx_id" -v local="$vx_local" -v port="$vx_port" \
    -v mac="$vx_mac" -v tunnel="$mesh" '
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
      should["dev"] = tunnel; should["ttl"] = 64; should["learning"] = "off"
      for (what in should) if (is[what] != should[what]) print what
    }' | sort | tr '\n' ' '
}

# Prints "MAC VTEP INTERFACE" of each entry in the file, and of each that the kernel has.
vx_wanted() { awk '$1 == "fdb" { print $3, $7, $9 }' "/etc/ciab/$mesh.fdb" | sort -u; }

vx_found() {
  bridge fdb show dev "$vx_interface" | awk '
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
vx_named() {
  awk 'from == "entries" { wanted[$2]; next }
    $1 == "#" { name = $2 }
    $1 == "fdb" && $7 in wanted { print name; delete wanted[$7] }
    END { for (vtep in wanted) print vtep }' from=entries - from=file "/etc/ciab/$mesh.fdb" | wg_list
}

# Entries by difference: the new ones come, then the old ones go, and those that stay are not touched.
vx_entries() {
  vx_wanted >"$scratch/fdb"
  vx_found >"$scratch/fdb.found"
  comm -23 "$scratch/fdb" "$scratch/fdb.found" >"$scratch/fdb.new"
  if [ -s "$scratch/fdb.new" ]; then
    awk -v dev="$vx_interface" '{
      verb = $1 == "00:00:00:00:00:00" ? "append" : "replace"
      print "fdb", verb, $1, "dev", dev, "dst", $2, "via", $3, "self permanent"
    }' "$scratch/fdb.new" >"$scratch/fdb.batch"
    change "add to the forwarding entries of $vx_interface: $(vx_named <"$scratch/fdb.new")" \
      bridge -batch "$scratch/fdb.batch" || return 1
    dry || vx_found >"$scratch/fdb.found"
  fi
  # A MAC address that moves to another VTEP has been replaced above.
  comm -13 "$scratch/fdb" "$scratch/fdb.found" | awk '
    NR == FNR { if ($1 != "00:00:00:00:00:00") kept[$1]; next }
    !($1 in kept)' "$scratch/fdb" - >"$scratch/fdb.old"
  if [ -s "$scratch/fdb.old" ]; then
    awk -v dev="$vx_interface" '{
      print "fdb del", $1, "dev", dev, "dst", $2, $3 == "-" ? "" : "via " $3, "self"
    }' "$scratch/fdb.old" >"$scratch/fdb.batch"
    change "remove from the forwarding entries of $vx_interface: $(vx_named <"$scratch/fdb.old")" \
      bridge -batch "$scratch/fdb.batch" || return 1
  fi
}

vx_apply() {
  if ! ip link show dev "$vx_interface" >/dev/null 2>&1; then
    change "create $vx_interface" vx_create || return 1
    dry || wg_routes "$vx_interface" "$vx_interface"
    return 0
  fi
  misfits=$(vx_misfits)
  if [ -n "$misfits" ]; then
    change "make $vx_interface anew, for its \${misfits% }" vx_create || return 1
    dry || wg_routes "$vx_interface" "$vx_interface"
    return 0
  fi
  [ "$(wg_mtu_of "$vx_interface")" = "$vx_mtu" ] ||
    change "set the MTU of $vx_interface to $vx_mtu" ip link set "$vx_interface" mtu "$vx_mtu"
  wg_addresses "$vx_interface" "$vx_addresses"
  vx_entries || return 1
  case $(ip link show dev "$vx_interface" up) in
    '') change "bring up $vx_interface" ip link set "$vx_interface" up || return 1 ;;
  esac
  wg_routes "$vx_interface" "$vx_interface"
}
`
