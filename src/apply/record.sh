# Which files are the tree's, what was applied last, and what somebody edited here.
#
# The sums come with the tree: a file that is not as they say was edited after it was copied. The record is what was on
# the host as apply.sh was done: a path that is in it and in the tree no more is one of ours that has gone.
sums=/etc/ciab/tree.sha256
record=/var/lib/ciab/applied

# Prints "SUM  PATH" of files, by the paths on standard input; of those that are there.
files_sums() { (cd / && xargs -r sha256sum 2>/dev/null) || :; }

# What parts call the meaning of a file, as "SUM PATH": by that a file may be the same that was written otherwise.
files_meanings() {
  for part in $parts; do
    ! have "meaning_$part" || "meaning_$part"
  done
}

# Leaves in $scratch/files "STATE PATH" of each file of the tree: same, new, missing, edited, or kept, which is an
# edit that was applied; in files.gone the paths that were in the tree last applied and are not in this one.
files_look() {
  : >"$scratch/files"
  : >"$scratch/files.gone"
  cat "$record" >"$scratch/files.record" 2>/dev/null || :
  [ -r "$sums" ] || return 0
  cut -c 67- "$sums" >"$scratch/files.paths"
  files_sums <"$scratch/files.paths" >"$scratch/files.found"
  files_meanings >"$scratch/files.meanings"
  awk '
    from == "found" { now[$2] = $1 }
    from == "meanings" { means[$2] = $1 }
    from == "record" && $1 == "file" { was[$2] = $3; had[$2] = $4; meant[$2] = $5 }
    from == "sums" {
      if (!($2 in now)) state = "missing"
      else if (now[$2] == $1) state = was[$2] == $1 ? "same" : "new"
      else if (was[$2] == $1 && now[$2] == had[$2]) state = "kept"
      else if (was[$2] == $1 && ($2 in means) && means[$2] == meant[$2]) state = "same"
      else state = "edited"
      print state, $2
    }
  ' from=found "$scratch/files.found" from=meanings "$scratch/files.meanings" from=record "$scratch/files.record" \
    from=sums "$sums" >"$scratch/files"
  awk 'from == "paths" { kept[$1]; next } $1 == "file" && !($2 in kept) { print $2 }' \
    from=paths "$scratch/files.paths" from=record "$scratch/files.record" >"$scratch/files.gone"
}

# files_of STATE: their paths as one phrase.
files_of() { sed -n "s/^$1 /\\//p" "$scratch/files" | listed; }

# An edit is neither installed nor lost unasked.
files_refuse_edits() {
  files_edited=$(files_of 'edited')
  files_missing=$(files_of 'missing')
  [ -n "$files_edited$files_missing" ] || return 0
  files_why="${files_edited:+edited here: $files_edited}${files_missing:+${files_edited:+; }deleted here: $files_missing}"
  if [ -n "$edits" ]; then
    say "taken as they are: $files_why"
    return 0
  fi
  dry || refuse "$files_why; copy the tree again to undo that, or run apply.sh --with-edits to apply it"
  failed=1
  printf 'apply.sh would stop, since files were %s; what follows is what it would do with --with-edits\n' "$files_why" >&2
}

# After a power cut what tar has just laid down may be full of zeros (sync(1)).
files_sync() {
  ! grep -q '^new ' "$scratch/files" || (cd / && { echo "${sums#/}"; cat "$scratch/files.paths"; } | xargs -r sync 2>/dev/null) || :
}

# What the tree has no more goes from the host, but for what somebody has edited since. Of FRR's files the host had
# others before, which are lost: without ours its FRR would come up with nothing.
files_retire() {
  files_sums <"$scratch/files.gone" >"$scratch/files.old"
  while read -r found path; do
    case $path in etc/frr/*)
      advise "/$path is no longer in the tree, and stays: FRR runs with it"
      continue
      ;;
    esac
    ! grep -qxF -e "/$path" "$scratch/would" || continue
    if [ "$found" != "$(awk -v path="$path" '$1 == "file" && $2 == path { print $4 }' "$scratch/files.record")" ]; then
      advise "/$path is no longer in the tree, and was edited here: delete it"
    else
      change "delete /$path, which is no longer in the tree" files_delete "$path"
    fi
  done <"$scratch/files.old"
  ! grep -q '^etc/systemd/system/' "$scratch/files.gone" || dry || [ ! -d /run/systemd/system ] || systemctl daemon-reload
  return 0
}

# files_delete PATH: and the directories of its own that are empty without it.
files_delete() {
  rm -f "/$1" || return 1
  case $1 in
    etc/ciab/*/* | *.d/*) rmdir "/${1%/*}" 2>/dev/null || : ;;
  esac
}

# Parts of the program that were this node's when it was last applied, and units that systemd started then.
parts_left() {
  files_parts=$(sed -n 's/^parts //p' "$scratch/files.record")
  files_units=$(sed -n 's/^units //p' "$scratch/files.record")
  for part in $files_parts; do
    case " $parts " in *" $part "*) continue ;; esac
    ! have "leave_$part" || "leave_$part"
  done
  for unit in $files_units; do
    case " $units " in *" $unit "*) continue ;; esac
    unit_disable "$unit"
  done
}

files_remember() {
  [ -r "$sums" ] || return 0
  mkdir -p "${record%/*}" || return 0
  files_sums <"$scratch/files.paths" >"$scratch/files.found"
  files_meanings >"$scratch/files.meanings"
  {
    echo '# What apply.sh has brought this host in line with: "file PATH SUM-IN-THE-TREE SUM-HERE MEANING".'
    echo "mesh $mesh"
    echo "parts $parts"
    echo "units $units"
    awk '
      from == "found" { now[$2] = $1 }
      from == "meanings" { means[$2] = $1 }
      from == "sums" { print "file", $2, $1, ($2 in now) ? now[$2] : "-", ($2 in means) ? means[$2] : "-" }
    ' from=found "$scratch/files.found" from=meanings "$scratch/files.meanings" from=sums "$sums"
  } >"$scratch/files.remembered"
  cmp -s "$scratch/files.remembered" "$record" && return 0
  cp "$scratch/files.remembered" "$record.new" && sync "$record.new" && mv "$record.new" "$record" && sync "${record%/*}" && return 0
  failed=1
  warn "cannot write $record, by which it is seen what the tree has no more"
}

files_status() {
  if [ ! -r "$sums" ]; then
    [ ! -s "$scratch/files.record" ] || bad "files: cannot be compared, without $sums: copy the tree again"
    return 0
  fi
  files_sound=yes
  for state in edited missing new; do
    paths=$(files_of "$state")
    [ -n "$paths" ] || continue
    case "$state:$(sed -n 1p "$scratch/files.record")" in
      edited:*) bad "files: edited here: $paths" ;;
      missing:*) bad "files: deleted here: $paths" ;;
      new:) note 'files: apply.sh has not been run here yet' ;;
      new:*) bad "files: copied, and not applied yet: $paths" ;;
    esac
    files_sound=
  done
  [ -z "$files_sound" ] || ok 'files: as they were copied, and applied'
  paths=$(files_of kept)
  [ -z "$paths" ] || note "files: edited here, and applied with --with-edits; the next copy overwrites $paths"
  while read -r path; do
    [ ! -e "/$path" ] || bad "files: no longer in the tree: /$path; apply.sh sees to it"
  done <"$scratch/files.gone"
}
