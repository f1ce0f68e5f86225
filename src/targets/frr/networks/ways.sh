# Whether what VRFs have learned leads anywhere. A route to another node names its VTEP; the packets go to the MAC address
# that the device has beside it (RFC 9136, section 4.4.1: the router's), in VXLAN to where its VXLAN device has that MAC
# address. zebra makes all three, and what it forgets of one it does not tell the others of.

# Leaves in $scratch "bad TEXT" about each tenant whose routes lack the rest. Of IPv6 routes the VTEP is ::ffff:10.79.0.2.
frr_tenant_ways() {
  : >"$scratch/frr.ways"
  grep '^vrf-.* via ' "$scratch/frr.learned" >"$scratch/frr.led" || return 0
  awk '{ for (i = 1; i < NF; i++) if ($i == "dev") print $(i + 1) }' "$scratch/frr.led" | sort -u >"$scratch/frr.leading"
  while read -r device; do
    # They are NOARP, which is not shown unasked.
    { ip -4 neigh show nud all dev "$device"; ip -6 neigh show nud all dev "$device"; } | sed "s/^/neighbor $device /"
    bridge fdb show br "$device" | sed "s/^/entry $device /"
  done <"$scratch/frr.leading" >"$scratch/frr.beside" 2>/dev/null
  awk '
    part == "beside" && $1 == "neighbor" { for (i = 3; i < NF; i++) if ($i == "lladdr") mac[$2, $3] = $(i + 1) }
    part == "beside" && $1 == "entry" { for (i = 3; i < NF; i++) if ($i == "dst") end[$2, $3, $(i + 1)] }
    part == "announced" { node[$1, $2] = $3 }
    part == "led" {
      split("", is); for (i = 2; i < NF; i++) is[$i] = $(i + 1)
      network = $2 ~ /\// ? $2 : $2 ($2 ~ /:/ ? "/128" : "/32")
      vtep = is["via"]; sub(/^::ffff:/, "", vtep)
      lack = !((is["dev"], is["via"]) in mac) ? "no MAC address" : \
        !((is["dev"], mac[is["dev"], is["via"]], vtep) in end) ? "no VXLAN entry" : ""
      if (lack == "" || ($1, is["via"]) in told) next
      told[$1, is["via"]]
      tenant = $1; sub(/^vrf-/, "tenant ", tenant)
      print "bad " tenant ": nothing gets to " network (($1, network) in node ? " (" node[$1, network] ")" : "") ": " \
        is["dev"] " has " lack " for " is["via"]
    }
  ' part=beside "$scratch/frr.beside" part=announced "$scratch/frr.announced" part=led "$scratch/frr.led" \
    >"$scratch/frr.ways"
}

frr_mends=''

# A timer runs the program that makes what is missing.
frr_mends_apply() {
  [ -z "$frr_mends" ] || units_time tenants mend-tenants.sh "make again what FRR forgets of tenants' ways" \
    'since FRR may forget ways of tenants'
}

frr_mends_status() {
  [ -z "$frr_mends" ] || units_timed tenants ||
    bad 'tenants: ciab-tenants.timer does not run, so that what FRR forgets of their ways is not made again'
}

frr_lead() {
  frr_networks && [ -s "$scratch/frr.ways" ] || return 0
  sed 's/^bad /  /' "$scratch/frr.ways"
  change "make again what FRR forgot of tenants' ways" sh /etc/ciab/mend-tenants.sh
}
