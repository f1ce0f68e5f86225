import type { NodePlan } from '../../model/plan.js'
import type { OutputFile } from '../../render/target.js'
import { template } from '../../render/template.js'
import meshConf from './mesh.conf.mustache'

const settings = template(meshConf)

/** networkd's own settings for a host where a routing daemon makes routes, too. */
export const foreignRoutesFiles = ({ name, mesh, release, targets }: NodePlan): OutputFile[] =>
  targets.routing === 'none' || (release !== null && release.systemd < 246)
    ? []
    : [
        {
          path: `etc/systemd/networkd.conf.d/60-${mesh}.conf`,
          mode: 0o644,
          secret: false,
          content: settings.chunks({ node: name, nexthops: release !== null && release.systemd >= 256 }),
        },
      ]
