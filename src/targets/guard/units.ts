import { unitFile } from '../../render/program.js'
import type { OutputFile } from '../../render/target.js'
import forwardService from './ciab-forward.service.mustache'
import guardService from './ciab-guard.service.mustache'
import nftablesConf from './nftables-ciab.conf.mustache'

const texts = [
  ['ciab-guard.service', guardService],
  ['ciab-forward.service', forwardService],
  ['nftables.service.d/ciab.conf', nftablesConf],
] as const

/** What systemd starts at boot. */
export const units: readonly string[] = ['ciab-guard.service', 'ciab-forward.service']

/** Where the files about units lie. */
export const unitPaths: readonly string[] = texts.map(([name]) => `etc/systemd/system/${name}`)

/** systemd's part: whatever makes the tunnel, the rules are there before it, and again after each boot. */
export const unitFiles: readonly OutputFile[] = texts.map(([name, text]) => unitFile(name, text))
