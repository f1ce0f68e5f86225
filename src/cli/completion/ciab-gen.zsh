#compdef ciab-gen
# Completion of ciab-gen for zsh.
_ciab-gen() {
  local -a answers
  answers=("${(@f)$(ciab-gen __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "${answers[1]}" == :files ]]; then
    _files
  elif [[ -n "${answers[1]}" ]]; then
    compadd -- "${answers[@]}"
  fi
}
if [[ "${funcstack[1]}" == _ciab-gen ]]; then
  _ciab-gen "$@"
else
  compdef _ciab-gen ciab-gen
fi
