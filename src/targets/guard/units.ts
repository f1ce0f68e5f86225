import type { NodePlan } from '../../model/plan.js'
import type { OutputFile } from '../../render/target.js'
import { template } from '../../render/template.js'
import forwardService from './ciab-forward.service.mustache'
import guardService from './ciab-guard.service.mustache'
import nftablesConf from './nftables-ciab.conf.mustache'

const texts = [
  ['ciab-guard.service', template(guardService)],
  ['ciab-forward.service', template(forwardService)],
  ['nftables.service.d/ciab.conf', template(nftablesConf)],
] as const

/** What systemd starts at boot. */
export const units: readonly string[] = ['ciab-guard.service', 'ciab-forward.service']

/** Where the files about units lie. */
export const unitPaths: readonly string[] = texts.map(([name]) => `etc/systemd/system/${name}`)

/** systemd's part: whatever makes the tunnel, the rules are there before it, and again after each boot. */
export const unitFiles = ({ name: node, mesh }: NodePlan): OutputFile[] =>
  texts.map(([name, text]) => ({
    path: `etc/systemd/system/${name}`,
    mode: 0o644,
    secret: false,
    content: text.chunks({ node, mesh }),
  }))
