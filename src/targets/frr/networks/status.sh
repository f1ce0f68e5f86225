# Of networks whose nodes no prefix list names, what has to be in the routing tables: etc/ciab/<mesh>.routes has them as
# "TABLE PREFIX NODE".

# Leaves in $scratch "ok TEXT" or "bad TEXT" about each of those tables. What this node has itself, it does not take from
# others.
frr_networks() {
  : >"$scratch/frr.networks"
  # Left behind by a tree that said more, until apply.sh is done.
  [ -r "/etc/ciab/$mesh.routes" ] && ! grep -qx "etc/ciab/$mesh.routes" "$scratch/files.gone" 2>/dev/null || return 0
  grep -v '^#' "/etc/ciab/$mesh.routes" >"$scratch/frr.announced"
  cut -d ' ' -f 1 "$scratch/frr.announced" | sort -u >"$scratch/frr.tables"
  while read -r table; do
    case $table in main) set -- ;; *) set -- vrf "$table" ;; esac
    { ip -4 route show "$@" proto 186; ip -6 route show "$@" proto 186; } 2>/dev/null | sed "s/^/$table /"
  done <"$scratch/frr.tables" >"$scratch/frr.learned"
  awk '
    part == "conf" && $1 == "router" { table = $4 == "vrf" ? $5 : "main" }
    part == "conf" && $1 == "network" { own[table, $2] }
    part == "learned" { learned[$1, $2 ~ /\// ? $2 : $2 ($2 ~ /:/ ? "/128" : "/32")] }
    part == "announced" && !(($1, $2) in own) && !(($1, $2) in asked) {
      asked[$1, $2]
      if (!($1 in all)) order[++count] = $1
      all[$1]++
      if (($1, $2) in learned) found[$1]++; else missing[$1] = missing[$1] " " $2 " (" $3 ")"
    }
    END {
      for (i = 1; i <= count; i++) {
        table = order[i]; name = table
        sub(/^vrf-/, "tenant ", name); sub(/^main$/, "BGP", name)
        print (missing[table] == "" ? "ok" : "bad"), name ": " found[table] + 0 " of " all[table] " networks of other nodes" \
          (missing[table] == "" ? "" : ", missing" missing[table])
      }
    }
  ' part=conf /etc/frr/frr.conf part=learned "$scratch/frr.learned" part=announced "$scratch/frr.announced" \
    >"$scratch/frr.networks"
  frr_tenant_ways
  cat "$scratch/frr.ways" >>"$scratch/frr.networks"
}

frr_lacks_networks() { frr_networks && grep -q '^bad ' "$scratch/frr.networks"; }
