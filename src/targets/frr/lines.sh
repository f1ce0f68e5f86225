# FRR. What runs is compared with frr.conf line by line, so that nothing is loaded without need, and so that a
# line which FRR refused is noticed: neither "frrinit.sh start" nor watchfrr says so.

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

# "write" in vtysh writes frr.conf in FRR's own words: by its lines it is the same.
meaning_frr() {
  [ -r /etc/frr/frr.conf ] || return 0
  frr_lines </etc/frr/frr.conf | sha256sum | sed 's/ .*/ etc\/frr\/frr.conf/'
}
