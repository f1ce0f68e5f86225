import type { NodePlan } from '../../model/plan.js'
import type { OutputFile } from '../../render/target.js'
import { template } from '../../render/template.js'
import meshSysctl from './mesh.sysctl.mustache'

const settings = template(meshSysctl)

/** What the kernel must do with these interfaces alone: others, an uplink above all, may be stricter. */
export const settingFiles = (node: NodePlan): OutputFile[] => {
  const { targets } = node
  const interfaces = node.devices
    .filter(({ maker }) => maker !== null && targets[maker] === targets.tunnel)
    .map(({ name }) => name)
  return [
    {
      path: `etc/sysctl.d/60-${node.mesh}.conf`,
      mode: 0o644,
      secret: false,
      content: settings.chunks({ node: node.name, interfaces }),
    },
  ]
}
