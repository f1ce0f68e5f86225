/** For bash 4 and newer: ciab-gen itself says what a word may become. */
export const bash = `# Completion of ciab-gen for bash.
_ciab_gen() {
  local -a answers
  mapfile -t answers < <(ciab-gen __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=()
  if [ "\${answers[0]-}" = :files ]; then
    compopt -o default 2>/dev/null
  elif [ "\${#answers[@]}" -gt 0 ]; then
    COMPREPLY=("\${answers[@]}")
  fi
}
complete -F _ciab_gen ciab-gen
`

/** For zsh, sourced or as _ciab-gen in a folder of fpath. */
export const zsh = `#compdef ciab-gen
# Completion of ciab-gen for zsh.
_ciab-gen() {
  local -a answers
  answers=("\${(@f)$(ciab-gen __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "\${answers[1]}" == :files ]]; then
    _files
  elif [[ -n "\${answers[1]}" ]]; then
    compadd -- "\${answers[@]}"
  fi
}
if [[ "\${funcstack[1]}" == _ciab-gen ]]; then
  _ciab-gen "$@"
else
  compdef _ciab-gen ciab-gen
fi
`
