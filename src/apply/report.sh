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

report_json() {
  awk -v FS='\t' -v mesh="$mesh" -v node="$node" -v failed="$failed" '
    function quoted(text) {
      gsub(/\\/, "\\\\", text)
      gsub(/"/, "\\\"", text)
      gsub(/[\001-\037]/, " ", text)
      return "\"" text "\""
    }
    BEGIN {
      printf "{\n  \"version\": 1,\n  \"mesh\": %s,\n  \"node\": %s,\n", quoted(mesh), quoted(node)
      printf "  \"sound\": %s,\n  \"lines\": [", failed ? "false" : "true"
    }
    {
      printf "%s\n    {\"state\": %s, \"part\": %s, \"text\": %s}", (NR > 1 ? "," : ""), quoted(tolower($1)), quoted($2), quoted($3)
    }
    END { print "\n  ]\n}" }
  ' "$scratch/report"
}
