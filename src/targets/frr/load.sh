# How FRR is given what differs. frr-reload.py (Debian's frr-pythontools) takes lines out as well; "vtysh -b" only adds.

# frr_reloader ARG...: what it would write to /var/log/frr, the password with it, it writes to its output
# instead, and only what went wrong. FRR 7.2 does not know the second of the options.
frr_reloader() {
  case $(/usr/lib/frr/frr-reload.py --help 2>/dev/null) in
    *--log-level*) set -- --log-level error "$@" ;;
  esac
  frr_say limited 600 /usr/lib/frr/frr-reload.py --stdout "$@" /etc/frr/frr.conf
}

# frr_await: waits until the daemons run and have read frr.conf, which watchfrr lets them do behind our back: until 15 s
# have passed without another line of it, and 5 min at most.
frr_await() {
  frr_tries=0
  frr_idle=0
  frr_last=
  until frr_has bgpd && frr_has bfdd && frr_agrees; do
    frr_tries=$((frr_tries + 1))
    frr_idle=$((frr_idle + 1))
    frr_left="$(vtysh -c 'show daemons' 2>/dev/null) $(wc -l <"$scratch/frr.difference")"
    [ "$frr_left" = "$frr_last" ] || frr_idle=0
    frr_last=$frr_left
    [ "$frr_idle" -lt 15 ] && [ "$frr_tries" -lt 300 ] || return 1
    sleep 1
  done
}

# On a slow machine watchfrr's time limit ends the reading of frr.conf before its end: then it is loaded from here.
frr_settles() {
  frr_await && return 0
  if ! frr_has bgpd || ! frr_has bfdd; then
    echo 'bgpd or bfdd does not run'
    return 1
  fi
  frr_load && return 0
  echo 'FRR runs with other lines than frr.conf has:'
  cat "$scratch/frr.difference"
  return 1
}

frr_service() {
  if [ -d /run/systemd/system ]; then
    systemctl "$1" frr || return 1
  else
    frr_say limited 600 /usr/lib/frr/frrinit.sh "$1" || return 1
  fi
  frr_settles
}

# Has FRR read what frr.conf has and it has not, and forget the reverse where it can.
frr_load() {
  cp "$scratch/frr.difference" "$scratch/frr.loaded"
  if [ -x /usr/lib/frr/frr-reload.py ]; then frr_reload; else frr_add; fi
}

frr_reload() {
  frr_reloader --test >"$scratch/frr.test" || { cat "$scratch/frr.test"; return 1; }
  frr_first >"$scratch/frr.first"
  [ ! -s "$scratch/frr.first" ] || frr_say vtysh -f "$scratch/frr.first" >/dev/null
  # Where a line of a list has another content now, frr-reload.py takes the old one out after the new one has
  # replaced it, and calls it a failure that it is gone: what runs decides.
  frr_reloader --reload >"$scratch/frr.reloaded"
  frr_agrees || frr_reset >>"$scratch/frr.reloaded"
  frr_unfilter
  frr_agrees && return 0
  cat "$scratch/frr.reloaded"
  echo 'FRR still runs with other lines than frr.conf has:'
  cat "$scratch/frr.difference"
  return 1
}

# frr-reload.py takes the filter of a neighbor out before it gives it another, and gives it that before there is the list
# of that name: meanwhile everything comes in, and then nothing. So lists with a new name come first, and then the
# neighbors that had another filter get theirs in one step.
frr_first() {
  awk '
    function section(line) { sub(/ \/ [^\/]*$/, "", line); return line }
    /^[-+] (ip prefix-list|ipv6 prefix-list|route-map|bgp extcommunity-list) / {
      name = $3 == "prefix-list" ? $2 " " $4 : $3 == "extcommunity-list" ? $3 " " $5 : $2 " " $3
    }
    from == "running" && ($2 == "prefix-list" || $1 == "route-map" || $2 == "extcommunity-list") {
      had[$2 == "prefix-list" ? $1 " " $3 : $1 == "route-map" ? $1 " " $2 : $2 " " $4]
    }
    from == "running" { next }
    /^\+ (ip prefix-list|ipv6 prefix-list|bgp extcommunity-list|route-map) / && !(name in had) {
      line = substr($0, 3)
      # A clause is said once more before each of its lines.
      if (line ~ / \/ /) { print section(line); sub(/.* \/ /, " ", line) }
      print line
    }
    # "router bgp N / address-family F / neighbor A prefix-list L in"
    /^[-+] router bgp .* \/ address-family .* \/ neighbor [^ ]+ (prefix-list|route-map) [^ ]+ in$/ {
      at = section(substr($0, 3)) " " $(NF - 3) " " $(NF - 2)
      if ($1 == "-") before[at]; else { filter[at] = substr($0, 3); order[++count] = at }
    }
    END {
      for (i = 1; i <= count; i++) if (order[i] in before) {
        lines = filter[order[i]]
        gsub(/ \/ /, "\n", lines)
        print lines
      }
    }
  ' from=running "$scratch/frr.running" from=difference "$scratch/frr.loaded"
}

frr_add() {
  frr_say vtysh -b || return 1
  frr_unfilter
  frr_agrees && return 0
  cat "$scratch/frr.difference"
  return 1
}

# What equals FRR's default is not in frr.conf, since FRR does not print it, and of a BFD profile FRR 8 takes no line
# out. So it is told the values; without the profile for a moment, sessions would not come back to it.
frr_reset() {
  ! grep -q '^- bfd / profile ciab / ' "$scratch/frr.difference" ||
    frr_say vtysh -c 'configure terminal' -c bfd -c 'profile ciab' -c "detect-multiplier ${frr_bfd#* }" \
      -c "transmit-interval ${frr_bfd% *}" -c "receive-interval ${frr_bfd% *}"
}

# What a list did not let in, the neighbors do not say again unasked when it does (RFC 2918).
frr_unfilter() {
  ! grep -qE '(prefix-list|extcommunity-list|route-map) ' "$scratch/frr.loaded" || frr_ask
}

# Whether a neighbor with a session has not announced all that it has, or zebra has not taken it in.
frr_lacks() { frr_verdicts && grep -q ': Established, .*, missing ' "$scratch/frr.verdicts"; }

# zebra drops the routes of a device with the device, and bgpd, whose sessions may outlive it, does not always say them
# again: where they stay away, the sessions begin anew.
frr_renew() {
  frr_tries=0
  while frr_lacks; do
    frr_tries=$((frr_tries + 1))
    if [ "$frr_tries" -gt 5 ]; then
      say "routes have not come back to $link_overlay: BGP's sessions begin anew"
      frr_say vtysh -c 'clear bgp *' >/dev/null
      return 0
    fi
    sleep 1
  done
}

frr_ask() { frr_say vtysh -c 'clear bgp * soft in' >/dev/null; }
