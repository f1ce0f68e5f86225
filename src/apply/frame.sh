#!/bin/sh
# A program of ciab-gen's, the same on every node of every mesh. What differs between nodes is in
# /etc/ciab/apply.conf, and in the files that this brings the host in line with.
#
# First the frame: options, and the functions that the parts use. Of a part NAME it calls apply_NAME and
# status_NAME, and check_NAME where there is one: that says with "refuse" that nothing can be done here as it is.
set -u

usage() {
  cat <<'END'
Usage: sh /etc/ciab/apply.sh [--enable | --dry-run | --status]

Brings this host in line with the files that ciab-gen wrote for it, for the first time or after a
change: only what differs is touched, and tunnels stay up. Run it as root.

  --enable   the same, and let systemd bring all of it up again at every boot
  --dry-run  say what would be done, and do nothing
  --status   compare what runs here with what the files say
  --help     print this

Exit status: 0 as it should be, 1 not so, or something failed, 2 wrong usage.
END
}

say() { printf '%s\n' "$*"; }

warn() { printf 'warning: %s\n' "$*" >&2; }

# Something to be done by hand: printed at the end, each text once.
advise() {
  grep -qxF -e "$*" "$scratch/advice" || printf '%s\n' "$*" >>"$scratch/advice"
}

have() { command -v "$1" >/dev/null 2>&1; }

dry() { [ "$action" = dry-run ]; }

# with WORDS COMMAND [ARG...]: runs COMMAND with the words at its end, each an argument of its own.
with() {
  words=$1
  shift
  for word in $words; do set -- "$@" "$word"; done
  "$@"
}

# change WHAT COMMAND [ARG...]: run COMMAND, or in a dry run say so. Its output shows only if it fails.
change() {
  changes=$((changes + 1))
  what=$1
  shift
  if dry; then
    say "would $what"
    return 0
  fi
  say "$what"
  "$@" >"$scratch/output" 2>&1 && return 0
  code=$?
  failed=1
  printf 'failed: %s\n' "$what" >&2
  sed 's/^/  /' "$scratch/output" >&2
  return "$code"
}

# permit MODE OWNER:GROUP PATH...: owner and permission bits, where they differ. Of parts that name the same
# path the first sees to it.
permit() {
  mode=${1#0}
  owner=$2
  shift 2
  for path in "$@"; do
    [ -e "$path" ] || continue
    case $permitted in *"|$path|"*) continue ;; esac
    permitted="$permitted$path|"
    [ "$(stat -c %U:%G "$path")" = "$owner" ] || change "make $path belong to $owner" chown "$owner" "$path"
    [ "$(stat -c %a "$path")" = "$mode" ] || change "set the permissions of $path to $mode" chmod "$mode" "$path"
  done
  return 0
}

# unsettled FILE: prints the settings of sysctl.d(5) in it that the kernel has otherwise, but for those that
# it does not know at all.
unsettled() {
  sed -n 's/^\([^#= ]*\) *= *\(.*\)$/\1 \2/p' "$1" | while read -r key value; do
    found=$(sysctl -e -n "$key" 2>/dev/null)
    [ -z "$found" ] || [ "$found" = "$value" ] || printf '%s\n' "$key"
  done
}

# Prints the units that systemd does not start at boot.
units_idle() {
  for unit in $units; do
    systemctl is-enabled --quiet "$unit" 2>/dev/null || printf '%s\n' "$unit"
  done
}

# units_outdated UNITS: whether systemd has other files of them than there are now.
units_outdated() { with "$1" systemctl show --property NeedDaemonReload --value 2>/dev/null | grep -qx yes; }

# What systemd knows of the units: their files as they are now and, where that is asked for, that they are to
# be started at boot. Not yet here: what they start is each part's own.
units_apply() {
  for unit in $units; do
    permit 644 root:root "/etc/systemd/system/$unit.d/ciab.conf"
  done
  if [ ! -d /run/systemd/system ]; then
    [ "$action" != enable ] || warn 'systemd does not run here: see to it that all of it comes up at boot'
    return 0
  fi
  if units_outdated "$units"; then
    change 'let systemd read its units anew' systemctl daemon-reload
  fi
  units_idle >"$scratch/units"
  while read -r unit; do
    if [ "$action" = enable ]; then
      change "let systemd start $unit at boot" systemctl enable "$unit"
    else
      advise "$unit does not start at boot: sh /etc/ciab/apply.sh --enable"
    fi
  done <"$scratch/units"
  return 0
}

# To start them by hand after each boot, as the CIAB scripts do, is a way too.
units_status() {
  [ -d /run/systemd/system ] || return 0
  units_idle >"$scratch/units"
  if [ -s "$scratch/units" ]; then
    say "     boot: not started: $(paste -s -d ' ' "$scratch/units") (sh /etc/ciab/apply.sh --enable)"
  else
    ok 'boot: systemd starts all of it'
  fi
}

ok() { printf 'ok   %s\n' "$*"; }

bad() {
  failed=1
  printf 'BAD  %s\n' "$*"
}

# Where one part fails, the later ones have nothing to stand on.
stop() {
  failed=1
  printf 'stopped: what follows depends on the step that failed\n' >&2
  finish
  exit 1
}

# refuse WHY: before anything is changed.
refuse() {
  failed=1
  printf 'stopped, with nothing changed: %s\n' "$*" >&2
  finish
  exit 1
}

# The node's own: mesh, node, hostname, units, parts, and what each part reads.
read_conf() {
  if [ ! -r /etc/ciab/apply.conf ]; then
    printf 'apply.sh: cannot read /etc/ciab/apply.conf, which says what is on this node\n' >&2
    exit 1
  fi
  # shellcheck source=/dev/null # each node has another
  . /etc/ciab/apply.conf
  for part in $parts; do
    have "apply_$part" && continue
    printf 'apply.sh: has no part %s, which /etc/ciab/apply.conf names: copy all files anew\n' "$part" >&2
    exit 1
  done
}

begin() {
  action=apply
  case "$#:${1-}" in
    0:) ;;
    1:--enable) action=enable ;;
    1:--dry-run) action=dry-run ;;
    1:--status) action=status ;;
    1:--help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  if [ "$(id -u)" != 0 ]; then
    printf 'apply.sh must run as root: sudo sh /etc/ciab/apply.sh\n' >&2
    exit 1
  fi
  read_conf
  PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
  LC_ALL=C
  export PATH LC_ALL
  umask 077
  exec </dev/null
  changes=0
  failed=0
  permitted='|'
  # On /run where there is one: what lies there for a moment may hold a key, and must not reach a disk.
  if [ -d /run ]; then
    scratch=$(mktemp -d /run/ciab-apply.XXXXXX) || exit 1
  else
    scratch=$(mktemp -d) || exit 1
  fi
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  : >"$scratch/advice"
  found=$(uname -n)
  [ "${found%%.*}" = "${hostname%%.*}" ] || warn "this host is $found, but the files are $node's (host name $hostname)"
}

finish() {
  if [ -s "$scratch/advice" ]; then
    say 'by hand:'
    sed 's/^/  /' "$scratch/advice"
  fi
  case "$action:$changes" in
    status:*) ;;
    apply:0 | enable:0) [ "$failed" != 0 ] || say 'nothing changed' ;;
    apply:1 | enable:1) say '1 change' ;;
    apply:* | enable:*) say "$changes changes" ;;
    dry-run:0) [ "$failed" != 0 ] || say 'nothing would change' ;;
    dry-run:1) say '1 change would be made' ;;
    dry-run:*) say "$changes changes would be made" ;;
  esac
}

main() {
  begin "$@"
  if [ "$action" = status ]; then
    units_status
    for part in $parts; do
      "status_$part" || bad "$part: cannot be compared"
    done
  else
    # Those of all parts before anything is changed.
    for part in $parts; do
      ! have "check_$part" || "check_$part" || stop
    done
    permit 755 root:root /etc/ciab /etc/ciab/apply.sh
    permit 644 root:root /etc/ciab/apply.conf
    units_apply
    for part in $parts; do
      "apply_$part" || stop
    done
  fi
  finish
  return "$failed"
}
