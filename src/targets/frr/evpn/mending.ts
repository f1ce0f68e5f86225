import type { NodePlan } from '../../../model/plan.js'
import type { HandUpdate, Step, Update } from '../../../render/notes.js'
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

const isUnit = (path: string): boolean => path.includes('/systemd/')

/** What a change of them takes. */
export const mendingUpdates = (node: NodePlan): Update[] =>
  mendingFiles(node).map(({ path }) => ({
    path,
    command: isUnit(path) ? 'systemctl daemon-reload' : 'nothing: the timer runs it',
    interrupts: 'nothing',
  }))

/** The same where there is no apply.sh. */
export const mendingByHand = (
  node: NodePlan,
): { readonly start: readonly Step[]; readonly updates: readonly HandUpdate[] } => {
  if (!hasWays(node)) return { start: [], updates: [] }
  const [units, programs] = [true, false].map(wanted =>
    files.map(({ path }) => path).filter(path => isUnit(path) === wanted),
  ) as [string[], string[]]
  const commands = ['systemctl daemon-reload', `systemctl restart ${timer}`]
  return {
    start: [{ what: "Make again what FRR forgets of the ways to tenants' networks", commands }],
    updates: [
      { paths: programs, commands: [], interrupts: 'nothing' },
      { paths: units, commands, interrupts: 'nothing' },
    ],
  }
}
