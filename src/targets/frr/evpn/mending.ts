import type { NodePlan } from '../../../model/plan.js'
import { timed, untimed } from '../../../render/notes.js'
import { programFile, unitFile } from '../../../render/program.js'
import type { OutputFile } from '../../../render/target.js'
import tenantsService from './ciab-tenants.service.mustache'
import tenantsTimer from './ciab-tenants.timer.mustache'
import mendTenantsSh from './mend-tenants.sh'

const timer = 'ciab-tenants.timer'
const files = [
  programFile('mend-tenants.sh', mendTenantsSh),
  unitFile(timer, tenantsTimer),
  unitFile('ciab-tenants.service', tenantsService),
]

/** Whether a tenant of the node's has networks on other nodes, the ways to which zebra may forget. */
const hasWays = ({ evpn }: NodePlan): boolean =>
  (evpn?.tenants ?? []).some(({ announced }) => announced.length > 0)

/** What makes again of tenants' ways what FRR forgot. */
export const mendingFiles = (node: NodePlan): OutputFile[] => (hasWays(node) ? files : [])

/** What systemd starts at boot. */
export const mendingUnits = (node: NodePlan): string[] => (hasWays(node) ? [timer] : [])

/** What a change of them takes, with apply.sh and without. */
export const mendingNotes = (node: NodePlan): ReturnType<typeof timed> =>
  hasWays(node)
    ? timed(
        timer,
        "Make again what FRR forgets of the ways to tenants' networks",
        files.map(({ path }) => path),
      )
    : untimed
