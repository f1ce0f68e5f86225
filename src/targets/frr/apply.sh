# FRR. What runs is compared with frr.conf line by line, so that nothing is loaded without need, and so that a
# line which FRR refused is noticed: neither "frrinit.sh start" nor watchfrr says so. frr-reload.py (Debian's
# frr-pythontools) takes lines out as well; "vtysh -b" only adds.

frr_has() {
  case " $(vtysh -c 'show daemons' 2>/dev/null) " in *" $1 "*) return 0 ;; esac
  return 1
}

# Lines of a configuration, each with the section it stands in; without comments and what ends sections.
# Where the host has another name than "hostname" says, vtysh prints the host's: not worth a reload.
frr_lines() {
  awk '
    /^[ \t]*($|[!#])/ { next }
    { depth = match($0, /[^ ]/) - 1; line = substr($0, depth + 1); sub(/[ \r]+$/, "", line) }
    line ~ /^(exit.*|end|line vty|frr version .*|hostname .*|service integrated-vtysh-config)$/ { next }
    # FRR prints some of these with a blank in front, and some without.
    line ~ /^zebra / { print line; next }
    line == "Building configuration..." || line == "Current configuration:" { next }
    depth == 0 { top = line; inner = "" }
    depth == 1 { inner = line ~ /^(address-family|profile|peer) / ? " / " line : "" }
    { print (depth == 0 ? "" : top (depth == 1 ? "" : inner) " / ") line }
  ' | sort
}

# frr_hide: standard input without BGP's password, be it in a line of its own or wherever else a message has it.
frr_hide() {
  sed -n 's/.* password //p' /etc/frr/frr.conf "$scratch/frr.running" 2>/dev/null | sort -u >"$scratch/frr.secrets"
  awk '
    from == "secrets" { secret[$0]; next }
    {
      for (text in secret) {
        rest = $0
        $0 = ""
        while (at = index(rest, text)) {
          $0 = $0 substr(rest, 1, at - 1) "(hidden)"
          rest = substr(rest, at + length(text))
        }
        $0 = $0 rest
      }
      sub(/ password .*/, " password (hidden)")
      print
    }
  ' from=secrets "$scratch/frr.secrets" from=text -
}

# frr_say COMMAND [ARG...]: runs COMMAND and says what it said, without the password.
frr_say() {
  "$@" >"$scratch/frr.said" 2>&1
  frr_code=$?
  frr_hide <"$scratch/frr.said"
  return "$frr_code"
}

# frr_reloader ARG...: what it would write to /var/log/frr, the password with it, it writes to its output
# instead, and only what went wrong. FRR 7.2 does not know the second of the options.
frr_reloader() {
  case $(/usr/lib/frr/frr-reload.py --help 2>/dev/null) in
    *--log-level*) set -- --log-level error "$@" ;;
  esac
  frr_say /usr/lib/frr/frr-reload.py --stdout "$@" /etc/frr/frr.conf
}

# Prints what frr.conf has and FRR has not ("+ …"), and the reverse ("- …").
frr_difference() {
  frr_lines </etc/frr/frr.conf >"$scratch/frr.wanted"
  vtysh -c 'show running-config' 2>/dev/null | frr_lines >"$scratch/frr.running"
  {
    comm -23 "$scratch/frr.wanted" "$scratch/frr.running" | sed 's/^/+ /'
    comm -13 "$scratch/frr.wanted" "$scratch/frr.running" | sed 's/^/- /'
  } | frr_hide
}

frr_agrees() {
  frr_difference >"$scratch/frr.difference"
  [ ! -s "$scratch/frr.difference" ]
}

# Waits until the daemons have read frr.conf, which watchfrr lets them do behind our back.
frr_settles() {
  frr_tries=0
  until frr_has bgpd && frr_has bfdd && frr_agrees; do
    frr_tries=$((frr_tries + 1))
    [ "$frr_tries" -lt 30 ] || break
    sleep 1
  done
  frr_agrees && return 0
  if frr_has bgpd && frr_has bfdd; then
    echo 'FRR runs with other lines than frr.conf has:'
    cat "$scratch/frr.difference"
  else
    echo 'bgpd or bfdd does not run'
  fi
  return 1
}

frr_service() {
  if [ -d /run/systemd/system ]; then
    systemctl "$1" frr || return 1
  else
    frr_say /usr/lib/frr/frrinit.sh "$1" || return 1
  fi
  frr_settles
}

frr_reload() {
  frr_reloader --test >"$scratch/frr.test" || { cat "$scratch/frr.test"; return 1; }
  # Where a line of a list has another content now, frr-reload.py takes the old one out after the new one has
  # replaced it, and calls it a failure that it is gone: what runs decides.
  frr_reloader --reload >"$scratch/frr.reloaded"
  frr_agrees && return 0
  cat "$scratch/frr.reloaded"
  echo 'FRR still runs with other lines than frr.conf has:'
  cat "$scratch/frr.difference"
  return 1
}

frr_add() {
  frr_say vtysh -b && frr_agrees && return 0
  cat "$scratch/frr.difference"
  return 1
}

apply_frr() {
  have vtysh || { advise 'install FRR (apt-get install frr frr-pythontools), then run apply.sh again'; return 0; }
  # A directory that tar made, before the package was installed, is root's.
  [ -n "$(find /etc/frr -maxdepth 0 -user frr)" ] || permit 750 frr:frr /etc/frr
  permit 640 frr:frr /etc/frr/frr.conf /etc/frr/daemons
  # With a line it cannot read, frr-reload.py would take everything out.
  if ! frr_say vtysh -C -f /etc/frr/frr.conf >"$scratch/frr.grammar"; then
    warn "this FRR does not understand /etc/frr/frr.conf, so it is left as it runs: $(tr '\n' ' ' <"$scratch/frr.grammar")"
    return 1
  fi
  case "$(vtysh -c 'show version' 2>/dev/null)" in
    "FRRouting 7."*) ! grep -q '^ neighbor [A-Z-]* bfd$' /etc/frr/frr.conf ||
      advise "write frr = 7.5 (or what runs) for $node in mesh.ini and generate anew: FRR 7 words BFD differently" ;;
  esac
  if ! frr_has zebra; then
    change 'start FRR' frr_service start
  elif ! frr_has bgpd || ! frr_has bfdd; then
    change 'restart FRR, for the daemons that do not run yet' frr_service restart
  elif ! frr_agrees; then
    sed 's/^/  /' "$scratch/frr.difference"
    if [ -x /usr/lib/frr/frr-reload.py ]; then
      change 'reload FRR' frr_reload
    elif grep -q '^-' "$scratch/frr.difference"; then
      advise 'install frr-pythontools: without it a removed neighbor costs a restart of FRR and all its sessions'
      change 'restart FRR, which cannot take lines out without frr-pythontools' frr_service restart
    else
      change 'add the new lines to FRR' frr_add
    fi
  fi
  return 0
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
  { vtysh -c 'show bgp ipv4 unicast summary'; vtysh -c 'show bgp l2vpn evpn summary'; } >"$scratch/frr.sessions" 2>/dev/null
  vtysh -c 'show bfd peers brief' >"$scratch/frr.bfd" 2>/dev/null
  # 186 is BGP's number in the kernel (rtnetlink(7), rt_protos); not every iproute2 knows the name.
  { ip -4 route show proto 186; ip -6 route show proto 186; } >"$scratch/frr.routes" 2>/dev/null
  awk '
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
        print (good ? "ok" : "bad"), (evpn[at] ? "EVPN " : "BGP ") who " (" at "): " session ", BFD " detection \
          (others == 0 ? "" : ", " found " of " others " prefixes") (missing == "" ? "" : ", missing" missing)
      }
    }
  ' part=conf /etc/frr/frr.conf part=sessions "$scratch/frr.sessions" part=bfd "$scratch/frr.bfd" \
    part=routes "$scratch/frr.routes" >"$scratch/frr.verdicts"
  while read -r verdict text; do "$verdict" "$text"; done <"$scratch/frr.verdicts"
  return 0
}
