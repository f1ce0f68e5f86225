# hosts: a block of /etc/hosts, between the two lines of hosts_marks; all other lines of it are the host's own.

hosts_marks() {
  hosts_begin="# BEGIN ciab-gen $mesh"
  hosts_end="# END ciab-gen $mesh"
}

# Whether the block begins and ends at most once: with a mark missing, nobody knows whose the lines are.
hosts_sound() {
  hosts_marks
  awk -v begin="$hosts_begin" -v end="$hosts_end" '
    $0 == begin { if (begun++) bad = 1; inside = 1 }
    $0 == end { if (!inside) bad = 1; inside = 0 }
    END { exit bad || inside }
  ' "$scratch/hosts.found"
}

# Prints /etc/hosts as it should be: the block where it was, or at the end.
hosts_wanted() {
  awk -v begin="$hosts_begin" -v end="$hosts_end" '
    function block(  line) {
      print begin
      while ((getline line <"/etc/ciab/hosts") > 0) print line
      print end
    }
    $0 == begin { block(); inside = begun = 1 }
    !inside { print }
    $0 == end { inside = 0 }
    END { if (!begun) block() }
  ' "$scratch/hosts.found"
}

# Compares /etc/hosts with what it should be; fails where its marks are not sound.
hosts_compare() {
  cat /etc/hosts >"$scratch/hosts.found" 2>/dev/null || : >"$scratch/hosts.found"
  hosts_sound || return 1
  hosts_wanted >"$scratch/hosts.wanted"
  diff "$scratch/hosts.found" "$scratch/hosts.wanted" | sed -n 's/^< /- /p; s/^> /+ /p' >"$scratch/hosts.difference"
}

# Prints "ADDRESS NAME" of the host's own lines that give a name of the mesh another address, but for those
# that lead to the host itself, as Debian's 127.0.1.1 does.
hosts_rivals() {
  awk -v begin="$hosts_begin" -v end="$hosts_end" '
    { sub(/#.*/, "", $0) }
    FILENAME == "/etc/ciab/hosts" {
      for (i = 2; i <= NF; i++) { name = tolower($i); known[name] = 1; ours[$1, name] = 1 }
      next
    }
    $1 ~ /^(127\.|::1$)/ { next }
    {
      for (i = 2; i <= NF; i++) {
        name = tolower($i)
        if (name in known && !(($1, name) in ours)) print $1, name
      }
    }
  ' /etc/ciab/hosts "$scratch/hosts.found"
}

# In place of the old file in one step, or, where it is mounted on its own as in a container, into it.
hosts_write() {
  hosts_file=$(readlink -f /etc/hosts)
  if [ -e "$hosts_file" ]; then
    cp -p "$hosts_file" "$hosts_file.ciab-gen" || return 1
  else
    : >"$hosts_file.ciab-gen" && chmod 644 "$hosts_file.ciab-gen" || return 1
  fi
  if cat "$scratch/hosts.wanted" >"$hosts_file.ciab-gen"; then
    mv -f "$hosts_file.ciab-gen" "$hosts_file" 2>/dev/null && return 0
    cat "$scratch/hosts.wanted" >"$hosts_file"
    hosts_code=$?
  else
    hosts_code=1
  fi
  rm -f "$hosts_file.ciab-gen"
  return "$hosts_code"
}

# cloud-init(8) writes /etc/hosts anew at each boot where it is told to.
hosts_rewritten() {
  grep -qsE '^[[:space:]]*manage_etc_hosts:[[:space:]]*([Tt]rue|template|localhost)' \
    /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*.cfg
}

apply_hosts() {
  permit 644 root:root /etc/ciab/hosts
  if [ ! -r /etc/ciab/hosts ]; then
    warn 'cannot read /etc/ciab/hosts'
    return 1
  fi
  if ! hosts_compare; then
    warn "/etc/hosts has one of the lines \"$hosts_begin\" and \"$hosts_end\" without the other, or twice: mend it first"
    return 1
  fi
  if [ -s "$scratch/hosts.difference" ]; then
    sed 's/^/  /; 20q' "$scratch/hosts.difference"
    change "bring the mesh's names in /etc/hosts up to date" hosts_write || return 1
  fi
  hosts_rivals >"$scratch/hosts.rivals"
  while read -r address name; do
    advise "take \"$address $name\" out of /etc/hosts, where it stands beside the mesh's own $name"
  done <"$scratch/hosts.rivals"
  if hosts_rewritten; then
    advise 'cloud-init writes /etc/hosts anew at each boot: set manage_etc_hosts: false in /etc/cloud/cloud.cfg'
  fi
  return 0
}

status_hosts() {
  if [ ! -r /etc/ciab/hosts ]; then
    bad '/etc/hosts: cannot read /etc/ciab/hosts'
    return 0
  fi
  if ! hosts_compare; then
    bad "/etc/hosts: a line \"$hosts_begin\" or \"$hosts_end\" is missing, or stands twice"
    return 0
  fi
  if [ -s "$scratch/hosts.difference" ]; then
    bad "/etc/hosts: $(wc -l <"$scratch/hosts.difference") lines differ from /etc/ciab/hosts"
  else
    ok '/etc/hosts: has the names of the mesh'
  fi
  hosts_rivals >"$scratch/hosts.rivals"
  while read -r address name; do
    bad "/etc/hosts: $name is $address too, in a line of its own"
  done <"$scratch/hosts.rivals"
  return 0
}

# hosts_without: takes the block out of /etc/hosts, where it is sound.
hosts_without() {
  hosts_compare || return 0
  awk -v begin="$hosts_begin" -v end="$hosts_end" '
    $0 == begin { inside = 1 }
    !inside { print }
    $0 == end { inside = 0 }
  ' "$scratch/hosts.found" >"$scratch/hosts.wanted"
  cmp -s "$scratch/hosts.found" "$scratch/hosts.wanted" || change "take the mesh's names out of /etc/hosts" hosts_write
}

leave_hosts() { hosts_without; }
remove_hosts() { hosts_without; }
