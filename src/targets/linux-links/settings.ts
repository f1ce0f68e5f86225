import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import { shell } from '../../render/shell.js'
import type { OutputFile } from '../../render/target.js'
import { template } from '../../render/template.js'
import meshSysctl from './mesh.sysctl.mustache.js'

const settings = template(meshSysctl)

/** What the kernel must do with the interfaces on a node where the guard does not see to it for all of them. */
export const settingFiles = (node: NodePlan, overlay: OverlayPlan | null): OutputFile[] => {
  if (node.firewall.guarded) return []
  const interfaces = [node.tunnel.interface, ...(overlay ? [overlay.interface] : [])]
  return [
    {
      path: `etc/sysctl.d/60-${node.mesh}.conf`,
      mode: 0o644,
      secret: false,
      content: settings.chunks({ node: node.name, interfaces }),
    },
  ]
}

/** The same in `apply.sh`; there is no file where the guard is. */
export const settingFunctions = shell`
# kernel settings of the two interfaces

# Prints the settings that the kernel has otherwise.
link_unsettled() {
  [ -e "/etc/sysctl.d/60-$mesh.conf" ] || return 0
  sed -n 's/^\([^#= ]*\) *= *\(.*\)$/\1 \2/p' "/etc/sysctl.d/60-$mesh.conf" | while read -r key value; do
    [ "$(sysctl -e -n "$key" 2>/dev/null)" = "$value" ] || printf '%s\n' "$key"
  done
}

link_settings() {
  [ -z "$(link_unsettled)" ] ||
    change "set in the kernel: $(link_unsettled | paste -s -d ' ')" sysctl -q -p "/etc/sysctl.d/60-$mesh.conf"
}

link_settings_status() {
  for key in $(link_unsettled); do
    bad "kernel settings: $key is $(sysctl -e -n "$key" 2>/dev/null)"
  done
}
`
