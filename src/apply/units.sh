# What systemd knows of this node's units.

# Prints the units that systemd does not start at boot.
units_idle() {
  for unit in $units; do
    systemctl is-enabled --quiet "$unit" 2>/dev/null || printf '%s\n' "$unit"
  done
}

# Whether systemd starts one at boot that we wrote, or wrote a drop-in for.
units_decided() {
  for unit in $units; do
    case $unit in
      ciab-*) ;;
      *) [ -e "/etc/systemd/system/$unit.d/ciab.conf" ] || continue ;;
    esac
    ! systemctl is-enabled --quiet "$unit" 2>/dev/null || return 0
  done
  return 1
}

# units_outdated UNITS: whether systemd has other files of them than there are now.
units_outdated() { with "$1" systemctl show --property NeedDaemonReload --value 2>/dev/null | grep -qx yes; }

# Their files as they are now and, where that is asked for, that they are to be started at boot. Not yet here: what
# they start is each part's own.
units_apply() {
  for unit in $units; do
    permit 644 root:root "/etc/systemd/system/$unit.d/ciab.conf"
  done
  if [ ! -d /run/systemd/system ]; then
    [ -z "$enable" ] || warn 'systemd does not run here: see to it that all of it comes up at boot'
    return 0
  fi
  if units_outdated "$units"; then
    change 'let systemd read its units anew' systemctl daemon-reload
  fi
  # Who has had one of ours start at boot has had all of them: one that comes later, too.
  [ -n "$enable" ] || ! units_decided || enable=yes
  units_idle >"$scratch/units"
  while read -r unit; do
    if [ -n "$enable" ]; then
      change "let systemd start $unit at boot" systemctl enable "$unit"
    else
      advise "$unit does not start at boot: sh /etc/ciab/apply.sh --enable"
    fi
  done <"$scratch/units"
  return 0
}

# units_time NAME PROGRAM WHAT WHY: what ciab-NAME.timer runs three times a minute, or whoever is root where there is no systemd.
units_time() {
  permit 644 root:root "/etc/systemd/system/ciab-$1.timer" "/etc/systemd/system/ciab-$1.service"
  permit 755 root:root "/etc/ciab/$2"
  if [ ! -d /run/systemd/system ]; then
    advise "systemd does not run here: run \"sh /etc/ciab/$2\" three times a minute, $4"
  elif ! systemctl is-active --quiet "ciab-$1.timer"; then
    change "$3" systemctl start "ciab-$1.timer"
  fi
}

# units_timed NAME: whether that is so.
units_timed() { [ ! -d /run/systemd/system ] || systemctl is-active --quiet "ciab-$1.timer"; }

# unit_disable UNIT: where it is one of ours. systemd-networkd is the host's own, whoever had it started.
unit_disable() {
  case $1 in ciab-*.service | ciab-*.timer | wg-quick@*.service) ;; *) return 0 ;; esac
  [ -d /run/systemd/system ] && systemctl is-enabled --quiet "$1" 2>/dev/null || return 0
  # What a timer starts has no other end; services each part ends in its turn.
  case $1 in
    *.timer) change "let systemd run $1 no more" systemctl disable --now "$1" ;;
    *) change "let systemd start $1 at boot no more" systemctl disable "$1" ;;
  esac
}

# To start them by hand after each boot, as the CIAB scripts do, is a way too.
units_status() {
  [ -d /run/systemd/system ] || return 0
  units_idle >"$scratch/units"
  if [ -s "$scratch/units" ]; then
    note "boot: not started: $(paste -s -d ' ' "$scratch/units") (sh /etc/ciab/apply.sh --enable)"
  else
    ok 'boot: systemd starts all of it'
  fi
}
