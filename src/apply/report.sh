# Lines of --status, for people as they come, for programs all at once.

ok() { report ok "$*"; }

bad() {
  failed=1
  report BAD "$*"
}

# What is worth knowing, and no fault.
note() { report '' "$*"; }

report() {
  if [ -n "$json" ]; then
    printf '%s\t%s\t%s\n' "${1:-note}" "$about" "$2" >>"$scratch/report"
  else
    printf '%-4s %s\n' "$1" "$2"
  fi
}

# fact GROUP KEY VALUE [KEY VALUE...]: what is not for people. "peers" and "sessions" are lists of such, of "tunnel" there
# is one, and the keys of "head" stand beside them. The value of a KEY with "#" in front is a number, of one with "+" a list
# of words; "-" is none. Parts may write the same, with tabs between, to $scratch/facts themselves.
fact() {
  [ -n "$json" ] || return 0
  printf '%s' "$1"
  shift
  printf '\t%s' "$@"
  echo
} >>"$scratch/facts"

# Which files these are: the sum of the list of their sums, and the same of those that were applied last.
report_files() {
  report_tree=- report_applied=- report_applied_at=-
  [ ! -r "$sums" ] || report_tree=$(sha256sum <"$sums" | cut -c -64)
  if grep -qs '^file ' "$record"; then
    report_applied=$(awk '$1 == "file" { print $3 "  " $2 }' "$record" | sha256sum | cut -c -64)
    report_applied_at=$(stat -c %Y "$record")
  fi
  fact head tree "$report_tree" applied "$report_applied" '#appliedAt' "$report_applied_at"
}

report_json() {
  report_files
  report_silent=
  for tool in "$scratch"/hung.*; do
    [ ! -e "$tool" ] || report_silent="$report_silent ${tool##*/hung.}"
  done
  fact head '#time' "$(date +%s)" +silent "$report_silent"
  awk -v FS='\t' -v mesh="$mesh" -v node="$node" -v failed="$failed" '
    function quoted(text) {
      gsub(/\\/, "\\\\", text)
      gsub(/"/, "\\\"", text)
      gsub(/[\001-\037]/, " ", text)
      return "\"" text "\""
    }
    function valued(kind, text,  words, count, i, all) {
      if (kind == "+") {
        count = split(text, words, " ")
        for (i = 1; i <= count; i++) all = all (i > 1 ? ", " : "") quoted(words[i])
        return "[" all "]"
      }
      if (text == "-" || text == "") return "null"
      return kind == "#" ? text : quoted(text)
    }
    function pairs(between,  i, kind, all) {
      for (i = 2; i < NF; i += 2) {
        kind = substr($i, 1, 1)
        all = all (i > 2 ? between : "") quoted(kind ~ /[#+]/ ? substr($i, 2) : $i) ": " valued(kind, $(i + 1))
      }
      return all
    }
    function list(name) { printf "  \"%s\": [%s],\n", name, all[name] ? all[name] "\n  " : "" }
    from == "facts" && $1 == "head" { head = head "  " pairs(",\n  ") ",\n"; next }
    from == "facts" && $1 == "tunnel" { tunnel = "{" pairs(", ") "}"; next }
    from == "facts" { all[$1] = all[$1] (all[$1] ? "," : "") "\n    {" pairs(", ") "}"; next }
    {
      all["lines"] = all["lines"] (all["lines"] ? "," : "") \
        sprintf("\n    {\"state\": %s, \"part\": %s, \"text\": %s}", quoted(tolower($1)), quoted($2), quoted($3))
    }
    END {
      printf "{\n  \"version\": 1,\n  \"mesh\": %s,\n  \"node\": %s,\n", quoted(mesh), quoted(node)
      printf "  \"sound\": %s,\n%s", failed ? "false" : "true", head
      printf "  \"tunnel\": %s,\n", tunnel ? tunnel : "null"
      list("peers")
      list("sessions")
      printf "  \"lines\": [%s\n  ]\n}\n", all["lines"]
    }
  ' from=facts "$scratch/facts" from=lines "$scratch/report"
}
