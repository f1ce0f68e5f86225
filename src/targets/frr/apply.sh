# What its files make of FRR.

apply_frr() {
  have vtysh || { lack 'install FRR (apt-get install frr frr-pythontools), then run apply.sh again'; return 0; }
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
      change 'reload FRR' frr_load
    elif grep -q '^-' "$scratch/frr.difference"; then
      advise 'install frr-pythontools: without it a removed neighbor costs a restart of FRR and all its sessions'
      change 'restart FRR, which cannot take lines out without frr-pythontools' frr_service restart
    else
      change 'add the new lines to FRR' frr_load
    fi
  elif ! dry && { frr_lacks || frr_lacks_networks; }; then
    # Refused once, or not yet announced.
    say 'what neighbors have not announced is asked for again'
    frr_ask
    frr_lead
  fi
  frr_mends_apply
  frr_hear
  [ -z "${link_overlay_anew-}" ] || frr_renew
  return 0
}
