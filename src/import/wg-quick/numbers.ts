import { type Port, parsePort } from '../../net/index.js'
import { lastValue, type TunnelSection } from '../../readers/index.js'
import type { Findings } from '../finding.js'
import type { FoundMesh } from '../found.js'
import { shown } from '../values.js'

/** A port that something listens on; of a larger number wg keeps the low 16 bits, and 0 is another one every time. */
export const portOf = (
  section: TunnelSection,
  key: string,
  node: string,
  findings: Findings,
): Port | null => {
  const text = lastValue(section, key)
  if (text === null) return null
  const kept = /^\d+$/.test(text) ? `${Number(BigInt(text) & 0xffffn)}` : text
  const port = parsePort(kept)
  if (port.ok && kept === text) return port.value
  findings.broken(
    'number',
    node,
    `ListenPort = ${shown(text)}${port.ok ? `, of which wg keeps ${kept}` : ', which is no port: it listens where the mesh does'}`,
  )
  return port.ok ? port.value : null
}

export const numberOf = (
  section: TunnelSection,
  key: string,
  least: number,
  most: number,
  node: string,
  findings: Findings,
): number | null => {
  const text = lastValue(section, key)
  if (text === null) return null
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1
  if (number >= least && number <= most) return number
  findings.broken('number', node, `${key} = ${shown(text)} is no number from ${least} to ${most}: left out`)
  return null
}

/** Seconds; `off` is 0. */
export const keepaliveOf = (section: TunnelSection, node: string, findings: Findings): number =>
  lastValue(section, 'persistentkeepalive')?.toLowerCase() === 'off'
    ? 0
    : (numberOf(section, 'persistentkeepalive', 0, 65535, node, findings) ?? 0)

/** wg(8) reads 0x…, decimals and `off`; vwgen wrote hexadecimal digits alone. */
export const fwmarkOf = (
  section: TunnelSection,
  node: string,
  tool: FoundMesh['tool'],
  findings: Findings,
): number | null => {
  const text = lastValue(section, 'fwmark')
  if (text === null || text.toLowerCase() === 'off') return null
  if (/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) && Number(text) <= 0xffffffff) {
    if (tool === 'vwgen' && !text.startsWith('0x'))
      findings.assumed(
        'fwmark',
        node,
        `FwMark = ${text}: wg took it as decimal, vwgen meant 0x${text}; kept as wg has it`,
      )
    return Number(text) || null
  }
  const meant = /^[0-9a-f]{1,8}$/i.test(text) ? Number(`0x${text}`) : null
  findings.broken(
    'fwmark',
    node,
    `FwMark = ${shown(text)}, which wg refuses: taken for ${meant === null ? 'none' : `0x${meant.toString(16)}`}`,
  )
  return meant
}
