# How something is done to the host: said, counted, limited in time, and in a dry run only said.

# change WHAT COMMAND [ARG...]: run COMMAND, or in a dry run say so. Its output shows only if it fails.
change() {
  changes=$((changes + 1))
  what=$1
  shift
  if dry; then
    say "would $what"
    printf '%s\n' "$@" >>"$scratch/would"
    return 0
  fi
  say "$what"
  awaited "$what" "$@" >"$scratch/output" 2>&1 9>&- && return 0
  code=$?
  failed=1
  printf 'failed: %s\n' "$what" >&2
  sed 's/^/  /' "$scratch/output" >&2
  return "$code"
}

# awaited WHAT COMMAND [ARG...]: runs COMMAND, and where that takes long says so from time to time on the terminal, or
# whatever standard error was as this began.
awaited() {
  awaited_what=$1
  shift
  # Not a child of this shell, or whoever waits for children of his own would wait for it.
  awaited_by=$( (awaited_long) >/dev/null 2>&1 9>&- & echo $!)
  "$@" 3>&-
  awaited_code=$?
  kill "$awaited_by" 2>/dev/null
  return "$awaited_code"
}

awaited_long() {
  seconds=0
  while sleep 5 3>&- && kill -0 $$; do
    seconds=$((seconds + 5))
    printf '  %s: %s s so far\n' "$awaited_what" "$seconds" >&3
  done
}

# limited SECONDS COMMAND [ARG...]: ends what hangs. A tool that hung once is not asked again.
limited() {
  limited_seconds=$1
  shift
  [ ! -e "$scratch/hung.${1##*/}" ] || return 124
  timeout --foreground -k 5 "$limited_seconds" "$@"
  limited_code=$?
  case $limited_code in
    124 | 137)
      : >"$scratch/hung.${1##*/}"
      echo "${1##*/} does not answer: ended after $limited_seconds s" >&2
      ;;
  esac
  return "$limited_code"
}

# Whatever asks a daemon may hang. On a slow machine daemons take minutes for what they are to do.
limited_tools='vtysh lxc lxd incus systemctl networkctl netplan nft ufw iptables ip6tables'
vtysh() { limited 120 vtysh "$@"; }
lxc() { limited 300 lxc "$@"; }
lxd() { limited 300 lxd "$@"; }
incus() { limited 300 incus "$@"; }
systemctl() { limited 600 systemctl "$@"; }
networkctl() { limited 60 networkctl "$@"; }
netplan() { limited 120 netplan "$@"; }
nft() { limited 60 nft "$@"; }
ufw() { limited 60 ufw "$@"; }
iptables() { limited 60 iptables "$@"; }
ip6tables() { limited 60 ip6tables "$@"; }

# permit MODE OWNER:GROUP PATH...: owner and permission bits, where they differ. Of parts that name the same
# path the first sees to it. Those of a file of the tree every copy resets: they are given again without a word.
permit() {
  mode=${1#0}
  owner=$2
  shift 2
  for path in "$@"; do
    [ -e "$path" ] || continue
    case $permitted in *"|$path|"*) continue ;; esac
    permitted="$permitted$path|"
    [ "$(stat -c %U:%G:%a "$path")" != "$owner:$mode" ] || continue
    if [ "$path" = "$sums" ] || grep -qsxF -e "${path#/}" "$scratch/files.paths"; then
      printf '%s\n' "$path" >>"$scratch/permits"
      dry || { chown "$owner" "$path" && chmod "$mode" "$path"; } && continue
    fi
    [ "$(stat -c %U:%G "$path")" = "$owner" ] || change "make $path belong to $owner" chown "$owner" "$path"
    [ "$(stat -c %a "$path")" = "$mode" ] || change "set the permissions of $path to $mode" chmod "$mode" "$path"
  done
  return 0
}

# In a dry run they are something to be done all the same: until then a daemon may not read its file.
permit_again() {
  ! dry || [ ! -s "$scratch/permits" ] ||
    change "give owners and modes that a copy has reset again: $(listed <"$scratch/permits")" :
}

# unsettled FILE: prints the settings of sysctl.d(5) in it that the kernel has otherwise, but for those that
# it does not know at all.
unsettled() {
  sed -n 's/^\([^#= ]*\) *= *\(.*\)$/\1 \2/p' "$1" | while read -r key value; do
    found=$(sysctl -e -n "$key" 2>/dev/null)
    [ -z "$found" ] || [ "$found" = "$value" ] || printf '%s\n' "$key"
  done
}
