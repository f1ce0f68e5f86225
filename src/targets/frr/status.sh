# What --status says of FRR.

# frr_verdicts [FACTS]: leaves in $scratch "ok TEXT" or "bad TEXT" about each neighbor; the same for programs in FACTS.
frr_verdicts() {
  { vtysh -c 'show bgp ipv4 unicast summary'; vtysh -c 'show bgp l2vpn evpn summary'; } >"$scratch/frr.sessions" 2>/dev/null
  vtysh -c 'show bfd peers brief' >"$scratch/frr.bfd" 2>/dev/null
  # 186 is BGP's number in the kernel (rtnetlink(7), rt_protos); not every iproute2 knows the name.
  { ip -4 route show proto 186; ip -6 route show proto 186; } >"$scratch/frr.routes" 2>/dev/null
  awk -v OFS='\t' -v facts="$scratch/${1:-frr.facts}" '
    # What this node has itself, it does not take from others.
    part == "conf" && $1 == "router" { tenant = $4 == "vrf" }
    part == "conf" && $1 == "network" && !tenant { own[$2] }
    part == "conf" && $1 == "neighbor" && $3 == "peer-group" && NF == 4 { evpn[$2] = $4 ~ /^EVPN/ }
    part == "conf" && $1 == "neighbor" && $3 == "description" { address[++count] = $2; name[count] = $4 }
    part == "conf" && $2 == "prefix-list" && $3 ~ /^from-/ && $6 == "permit" {
      list = substr($3, 6); expected[list]++; prefix[list, expected[list]] = $7
    }
    part == "sessions" && $2 == 4 { state[$1] = $10 ~ /^[0-9]+$/ ? "Established" : $10 }
    # Two sessions with a neighbor, the one that bgpd asked for and the one in frr.conf: the worse counts.
    part == "bfd" && (!($3 in bfd) || bfd[$3] == "up") { bfd[$3] = $4 }
    part == "routes" { installed[$1 ~ /\// ? $1 : $1 ($1 ~ /:/ ? "/128" : "/32")] = 1 }
    END {
      for (i = 1; i <= count; i++) {
        who = name[i]; at = address[i]; found = 0; missing = ""; others = 0
        for (j = 1; j <= expected[who]; j++) {
          if (evpn[at] || prefix[who, j] in own) continue
          others++
          if (prefix[who, j] in installed) found++; else missing = missing " " prefix[who, j]
        }
        session = at in state ? state[at] : "not configured"
        detection = at in bfd ? bfd[at] : "absent"
        good = session == "Established" && detection == "up" && missing == ""
        print (good ? "ok" : "bad") " " (evpn[at] ? "EVPN " : "BGP ") who " (" at "): " session ", BFD " detection \
          (others == 0 ? "" : ", " found " of " others " prefixes") (missing == "" ? "" : ", missing" missing)
        print "sessions", "name", who, "address", at, "carries", evpn[at] ? "evpn" : "routes", "state", session, \
          "bfd", detection, "#expected", others, "#present", found, "+missing", missing >>facts
      }
    }
  ' part=conf /etc/frr/frr.conf part=sessions "$scratch/frr.sessions" part=bfd "$scratch/frr.bfd" \
    part=routes "$scratch/frr.routes" >"$scratch/frr.verdicts"
}

# Leaves in $scratch the same about the next hops of IPv6 routes that do not answer, asked fifty at a time: of a device
# that was made anew, another may have become known than it has now.
frr_next_hops() {
  awk '{ for (i = 1; i < NF; i++) if ($i == "via" || $i == "dev") is[$i] = $(i + 1) }
    $1 ~ /:/ && "via" in is && !(is["via"] in seen) { seen[is["via"]]; print is["via"], is["dev"], $1 }
    { delete is["via"] }' "$scratch/frr.routes" >"$scratch/frr.vias"
  : >"$scratch/frr.hops"
  batch=0
  while read -r via dev route; do
    {
      ping -n -q -c 1 -w 3 -I "$dev" "$via" >/dev/null 2>&1 ||
        echo "bad BGP: the next hop to $route, $via, does not answer" >>"$scratch/frr.hops"
    } &
    batch=$((batch + 1))
    [ $((batch % 50)) != 0 ] || wait
  done <"$scratch/frr.vias"
  wait
}

status_frr() {
  have vtysh || { bad 'FRR is not installed'; return 0; }
  [ -r /etc/frr/frr.conf ] || { bad 'FRR cannot be compared: cannot read /etc/frr/frr.conf'; return 0; }
  frr_has bgpd || { bad 'bgpd does not run'; return 0; }
  frr_has bfdd || bad 'bfdd does not run'
  if frr_agrees; then
    ok 'FRR runs with frr.conf'
  else
    bad "FRR runs with other lines than frr.conf has ($(wc -l <"$scratch/frr.difference") differ); apply.sh mends that"
  fi
  frr_mends_status
  ! frr_unheard || bad "FRR does not know $(frr_unheard_list); apply.sh tells it"
  frr_verdicts facts
  frr_networks
  cat "$scratch/frr.networks" >>"$scratch/frr.verdicts"
  if have ping; then
    frr_next_hops
    sort "$scratch/frr.hops" >>"$scratch/frr.verdicts"
  fi
  while read -r verdict text; do "$verdict" "$text"; done <"$scratch/frr.verdicts"
  return 0
}
