#!/bin/sh
# A program of ciab-gen's, the same on every node of every mesh. What differs between nodes is in
# /etc/ciab/apply.conf, and in the files that this brings the host in line with.
#
# First the frame: options, and the functions that the parts use. Of a part NAME it calls apply_NAME, status_NAME and
# remove_NAME, and where they are there check_NAME, which says with "refuse" that nothing can be done here as it is,
# leave_NAME, on a node that the part is no longer for, meaning_NAME, which tells files that are the same in other words,
# and beside_NAME, which names files that are in no tree.
set -u

usage() {
  cat <<'END'
Usage: sh /etc/ciab/apply.sh [--enable] [--with-edits] [--dry-run]
       sh /etc/ciab/apply.sh --status [--json]
       sh /etc/ciab/apply.sh --remove [--dry-run]

Brings this host in line with the files that ciab-gen wrote for it, for the first time or after a
change: only what differs is touched, and tunnels stay up. Run it as root.

  --enable      the same, and let systemd bring all of it up again at every boot
  --with-edits  take files that were edited here as they are; without it nothing is done then
  --status      compare what runs here with what the files say, and the files with what was copied
  --json        the same for programs
  --remove      take the mesh off this host: what runs, what starts at boot, files and keys
  --dry-run     say what would be done, and do nothing
  --help        print this

Exit status: 0 as it should be, or done; 1 not so, or something failed; 2 wrong usage; 3 a dry run
that found something to do.
END
}

say() { printf '%s\n' "$*"; }

warn() { printf 'warning: %s\n' "$*" >&2; }

# Something to be done by hand: printed at the end, each text once.
advise() {
  grep -qxF -e "$*" "$scratch/advice" || printf '%s\n' "$*" >>"$scratch/advice"
}

# lack TEXT: the same, where without it the host is not as it should be.
lack() {
  failed=1
  advise "$@"
}

# have NAME: a command of the host's, or a function here, but for those that only limit the command.
have() {
  case " $limited_tools " in *" $1 "*) (unset -f "$1"; command -v "$1") >/dev/null 2>&1 ;; *) command -v "$1" >/dev/null 2>&1 ;; esac
}

dry() { [ -n "$dry" ]; }

# with WORDS COMMAND [ARG...]: runs COMMAND with the words at its end, each an argument of its own.
with() {
  words=$1
  shift
  for word in $words; do set -- "$@" "$word"; done
  "$@"
}

# listed: the lines of standard input as one phrase.
listed() { paste -s -d , - | sed 's/,/, /g'; }

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

# The node's own: mesh, node, hostname where it is another, bridges of containers, units, parts, and what each part reads.
read_conf() {
  bridges='' hostname=''
  if [ ! -r /etc/ciab/apply.conf ]; then
    printf 'apply.sh: cannot read /etc/ciab/apply.conf, which says what is on this node\n' >&2
    exit 1
  fi
  # shellcheck source=/dev/null # each node has another
  . /etc/ciab/apply.conf
  : "${hostname:=$node}"
  for part in $parts; do
    have "apply_$part" && continue
    printf 'apply.sh: has no part %s, which /etc/ciab/apply.conf names: copy all files anew\n' "$part" >&2
    exit 1
  done
}

read_options() {
  action=apply enable='' dry='' edits='' json=''
  for option in "$@"; do
    case $option in
      --enable) enable=yes ;;
      --dry-run) dry=yes ;;
      --with-edits) edits=yes ;;
      --json) json=yes ;;
      --status | --remove)
        [ "$action" = apply ] || option=--wrong
        action=${option#--}
        ;;
      --help)
        usage
        exit 0
        ;;
      *) action=wrong ;;
    esac
  done
  case "$action,$enable$edits,$dry,$json" in
    apply,*,*, | status,,,* | remove,,*,) ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
}

begin() {
  read_options "$@"
  if [ "$(id -u)" != 0 ]; then
    printf 'apply.sh must run as root: sudo sh /etc/ciab/apply.sh\n' >&2
    exit 1
  fi
  read_conf
  PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
  LC_ALL=C
  export PATH LC_ALL
  umask 077
  exec </dev/null 3>&2
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
  : >"$scratch/would"
  : >"$scratch/report"
  : >"$scratch/facts"
  [ "$action" = status ] || dry || take_turn
  found=$(uname -n)
  [ "${found%%.*}" = "${hostname%%.*}" ] || warn "this host is $found, but the files are $node's (host name $hostname)"
}

# One at a time. Whoever looks only needs no turn. What is started here must not keep it: "change" closes the 9.
take_turn() {
  have flock || return 0
  mkdir -p /run/ciab && exec 9>>/run/ciab/apply.lock || exit 1
  flock -n 9 && return 0
  printf 'apply.sh: another one is at work on this host; nothing was done\n' >&2
  exit 1
}

finish() {
  for tool in "$scratch"/hung.*; do
    [ -e "$tool" ] || continue
    failed=1
    printf 'failed: %s does not answer; what it had to say of this host is missing here\n' "${tool##*/hung.}" >&2
  done
  if [ -s "$scratch/advice" ]; then
    say 'by hand:'
    sed 's/^/  /' "$scratch/advice"
  fi
  case "$action,$dry:$changes" in
    status,:*) ;;
    *,:0) [ "$failed" != 0 ] || say 'nothing changed' ;;
    *,:1) say '1 change' ;;
    *,:*) say "$changes changes" ;;
    *,yes:0) [ "$failed" != 0 ] || say 'nothing would change' ;;
    *,yes:1) say '1 change would be made' ;;
    *,yes:*) say "$changes changes would be made" ;;
  esac
}

run_apply() {
  files_look
  files_refuse_edits
  # Those of all parts before anything is changed.
  for part in $parts; do
    ! have "check_$part" || "check_$part" || stop
  done
  dry || files_sync
  permit 755 root:root /etc/ciab /etc/ciab/apply.sh
  permit 644 root:root /etc/ciab/apply.conf
  permit 600 root:root "$sums"
  parts_left
  units_apply
  for part in $parts; do
    "apply_$part" || stop
  done
  files_retire
  permit_again
  dry || files_remember
}

run_status() {
  about=files
  files_look
  files_status
  about=boot
  units_status
  for part in $parts; do
    about=$part
    awaited "compare $part" "status_$part" || bad "$part: cannot be compared"
  done
}

main() {
  begin "$@"
  "run_$action"
  finish
  [ -z "$json" ] || report_json
  [ "$failed" = 0 ] || return 1
  ! dry || [ "$changes" = 0 ] || return 3
}
