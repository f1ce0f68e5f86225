import { type EndpointSpec, type Parsed, type Port, parseEndpoint } from '../../net/index.js'

/** An endpoint as vwgen stored it, and, where it was stored broken, how. */
export interface ReadEndpoint {
  readonly endpoint: EndpointSpec | null
  readonly fault: string | null
}

/** A host name has at most 253 characters; the rest is brackets and ports. */
const longest = 512

/** Nodes that vwgen gave no listen port took port 0 for their endpoints. */
const withoutPort = /:0$/

/**
 * Reads an endpoint and undoes what vwgen's `set … endpoint` did to it: `[2001:db8::1]:1234` became
 * `[[2001:db8::1]:1234]:PORT`, `[2001:db8::1]` became `[2001:db8::1]PORT`, and a port came from the listen
 * port of that moment.
 */
export const readEndpoint = (text: string): ReadEndpoint => {
  const trimmed = text.trim()
  if (trimmed === '') return { endpoint: null, fault: null }
  if (trimmed.length > longest) return { endpoint: null, fault: 'nobody can dial it' }
  const wrapped = /^\[(.*:.*)\]:\d*$/.exec(trimmed)?.[1]
  if (wrapped?.startsWith('[')) return repaired(wrapped, 'vwgen wrapped it in brackets once more')
  const glued = /^(\[[^\]]*\])(\d+)$/.exec(trimmed)
  if (glued) return repaired(`${glued[1]}:${glued[2]}`, 'vwgen left out the colon before the port')
  if (withoutPort.test(trimmed))
    return repaired(trimmed.replace(withoutPort, ''), 'port 0 cannot be dialled; its listen port is meant')
  const [, host, port] = /^(.*):(\d+)$/.exec(trimmed) ?? []
  if (host !== undefined && Number(port) > 65535)
    return repaired(
      `${host}:${Number(BigInt(port as string) & 0xffffn)}`,
      'wg keeps the low 16 bits of the port',
    )
  const plain = accepted(parseEndpoint(trimmed))
  return { endpoint: plain, fault: plain ? null : 'nobody can dial it' }
}

const repaired = (text: string, fault: string): ReadEndpoint => {
  const inner = text.startsWith('[[') || withoutPort.test(text) ? readEndpoint(text).endpoint : null
  const endpoint = inner ?? accepted(parseEndpoint(text))
  return { endpoint, fault: endpoint ? fault : 'nobody can dial it' }
}

const accepted = (parsed: Parsed<EndpointSpec>): EndpointSpec | null => (parsed.ok ? parsed.value : null)

/** The endpoint as mesh.ini has it. */
export const endpointText = ({ host, family, port }: EndpointSpec, listenPort: Port | null): string => {
  const text = family === 'ipv6' ? `[${host}]` : host
  return port === null || port === listenPort ? text : `${text}:${port}`
}
