# Completion of ciab-gen for bash.
_ciab_gen() {
  local -a answers
  mapfile -t answers < <(ciab-gen __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=()
  if [ "${answers[0]-}" = :files ]; then
    compopt -o default 2>/dev/null
  elif [ "${#answers[@]}" -gt 0 ]; then
    COMPREPLY=("${answers[@]}")
  fi
}
complete -F _ciab_gen ciab-gen
