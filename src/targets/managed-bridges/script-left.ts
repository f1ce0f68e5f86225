import type { Daemon } from './daemon.js'

/**
 * Bridges of tenants that are here no more. The daemon makes them anew at boot, with no VRF around them: their networks
 * would be in the host's own routing table, and beside a bridge with the same address, which another tenant's may have,
 * the DHCP server of that one no longer knows which of the two it serves.
 */
export const leftFunctions = ({ name, client }: Daemon): string => String.raw`
# Prints the bridges that were in a VRF when our file about them was taken, are in no file now, and have an address.
${name}_left() {
  ${client} network list --format csv </dev/null 2>/dev/null | cut -d , -f 1 | while read -r ${name}_bridge; do
    case $${name}_bridge in ct-* | br-*) ;; *) continue ;; esac
    case " $${name}_networks" in *" $${name}_bridge|"*) continue ;; esac
    if ${name}_knows "$${name}_bridge" && grep -q "^description: $mesh containers on " "$scratch/${name}.network" &&
      grep -qx 'dns[.]mode none' "$scratch/${name}.keys" && grep -q '^ipv[46][.]address [^n]' "$scratch/${name}.keys"; then
      echo "$${name}_bridge"
    fi
  done
}

${name}_retire() {
  for ${name}_bridge in $(${name}_left); do
    change "take its addresses from $${name}_bridge, which is in no tenant any more" \
      ${client} network set "$${name}_bridge" ipv4.address=none ipv6.address=none </dev/null
  done
}
`
