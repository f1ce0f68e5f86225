import { shell } from './shell.js'

/** The frame of `etc/ciab/apply.sh`: options, and the functions that the targets' parts use. POSIX shell. */
export const applyFrame = shell`
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
  mode=\${1#0}
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

# unsettled FILE: prints the settings of sysctl.d(5) in it that the kernel has otherwise, but for those that it
# does not know at all.
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
  # shellcheck disable=SC2086 # one word each
  if systemctl show --property NeedDaemonReload --value $units 2>/dev/null | grep -qx yes; then
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
}

# refuse WHY: before anything is changed.
refuse() {
  failed=1
  printf 'stopped, with nothing changed: %s\n' "$*" >&2
  finish
}

begin() {
  action=apply
  case "$#:\${1-}" in
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
  [ "\${found%%.*}" = "\${hostname%%.*}" ] || warn "this host is $found, but the files are $node's (host name $hostname)"
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
  exit "$failed"
}
`
