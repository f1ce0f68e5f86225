# FRR is the host's. Our two files took the place of those that were there, so that it is left as its package starts it:
# without BGP, and without any configuration.

remove_frr() {
  [ -s /etc/frr/frr.conf ] || return 0
  change 'take the configuration of the mesh from FRR, and start it without' frr_blank
}

frr_blank() {
  : >/etc/frr/frr.conf || return 1
  if [ -e /etc/frr/daemons ]; then
    sed -i '/^#/d; s/^\(bgpd\|bfdd\)=yes$/\1=no/' /etc/frr/daemons && chown frr:frr /etc/frr/daemons || return 1
  fi
  if [ -d /run/systemd/system ]; then
    systemctl try-restart frr
  elif frr_has zebra; then
    frr_say limited 600 /usr/lib/frr/frrinit.sh restart
  fi
}
