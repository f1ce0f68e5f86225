import type { FileText } from '../../readers/index.js'
import { pathWithin } from '../paths.js'

/** A route that a node's files put on an interface. */
export interface Static {
  readonly prefix: string
  readonly device: string
}

/** Routes beside those that addresses make: in wg-quick's commands, networkd's `[Route]` sections and netplan's `routes`. */
export const staticsIn = (node: string, tunnel: string, files: readonly FileText[]): Static[] =>
  files.flatMap(({ file, text }) => {
    const path = pathWithin(node, file)
    if (/^etc\/wireguard\/[^/]+\.conf$/.test(path))
      return [...text.matchAll(/^PostUp\s*=\s*ip (?:-\d )?route add (\S+) dev (\S+)/gm)].map(
        ([, prefix = '', device = '']) => ({ prefix, device: device === '%i' ? tunnel : device }),
      )
    if (/^etc\/systemd\/network\/.*\.network$/.test(path)) return fromUnit(text)
    if (/^etc\/netplan\/[^/]+\.yaml$/.test(path)) return fromNetplan(text)
    return []
  })

/** systemd.network(5). */
const fromUnit = (text: string): Static[] => {
  const device = /^\[Match\]\s*\n(?:[^[]*\n)?Name=(\S+)/m.exec(text)?.[1]
  return device === undefined
    ? []
    : [...text.matchAll(/^\[Route\]\s*\n(?:[^[]*\n)?Destination=(\S+)/gm)].map(([, prefix = '']) => ({
        prefix,
        device,
      }))
}

/** Of each device what stands under its `routes:`. */
const fromNetplan = (text: string): Static[] => {
  let device = ''
  return text.split('\n').flatMap(line => {
    device = /^ {4}([\w.-]+):\s*$/.exec(line)?.[1] ?? device
    const prefix = /^\s+(?:- )?to:\s*"?([^"\s]+)"?/.exec(line)?.[1]
    return prefix === undefined ? [] : [{ prefix, device }]
  })
}
