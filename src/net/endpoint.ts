import { type Address, type AddressFamily, familyOf, parseAddress, quadOf } from './address.js'
import { accepted, type Brand, type Parsed, quoted, refused } from './brand.js'
import { isHostName } from './domain.js'
import { meansItself } from './name.js'
import { type Port, parsePort } from './number.js'

/** Where a peer can be dialled, as WireGuard writes it: `203.0.113.1:51820`, `[2001:db8::1]:51820`, `a.example:51820`. */
export type Endpoint = Brand<string, 'Endpoint'>

/** An endpoint as written: the port may be left to the node's listen port. */
export interface EndpointSpec {
  /** A canonical address, or a host name in lower case. */
  readonly host: string
  /** The family of a literal, `null` for a host name. */
  readonly family: AddressFamily | null
  readonly port: Port | null
}

const hint = 'write HOST, HOST:PORT or [IPv6]:PORT, or none for a node that cannot be dialled'

/** Reads `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address, that any machine may dial. */
export const parseEndpoint = (text: string): Parsed<EndpointSpec> => parse(text, isUnusable)

/**
 * Reads the same for machines of one place: that may be an address of their link (169.254.0.0/16), or their own
 * loopback, where a proxy listens.
 */
export const parseLocalEndpoint = (text: string): Parsed<EndpointSpec> => parse(text, isNobodys)

const parse = (text: string, isRefused: (address: Address) => boolean): Parsed<EndpointSpec> => {
  const mapped = mappedIn(text)
  if (mapped) return mapped
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]{0,30}:\/\/)([^/]*)/i.exec(text) ?? []
  if (scheme !== undefined)
    return refused(
      'endpoint-syntax',
      `${quoted(text)} is a URL, and an endpoint is a host that takes UDP`,
      parse(rest, isRefused).ok ? `leave out ${scheme}: write ${rest}` : hint,
    )
  const literal = (
    address: string,
    port: string | undefined,
    family: AddressFamily,
  ): Parsed<EndpointSpec> => {
    const parsed = parseAddress(address)
    if (!parsed.ok || familyOf(parsed.value) !== family)
      return refused('endpoint-syntax', `${quoted(text)} is not an endpoint`, hint)
    if (isRefused(parsed.value)) return unusable(parsed.value)
    return withPort({ host: parsed.value, family }, port)
  }
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text)
  if (bracketed) return literal(bracketed[1] as string, bracketed[2], 'ipv6')
  if ((text.match(/:/g) ?? []).length > 1) {
    const bare = parseAddress(text)
    return bare.ok
      ? literal(bare.value, undefined, 'ipv6')
      : refused(
          'endpoint-syntax',
          `${quoted(text)} is not an endpoint`,
          'an IPv6 address with a port is written [ADDRESS]:PORT',
        )
  }
  const [host = '', port] = text.split(':')
  if (/^[0-9.]+$/.test(host)) return literal(host, port, 'ipv4')
  if (!isDialled(host)) return refused('endpoint-syntax', `${quoted(text)} is not an endpoint`, hint)
  if (meansItself(host)) return unusable(quoted(host))
  return withPort({ host: host.toLowerCase(), family: null }, port)
}

const unusable = (what: string, hint = 'write the address or name that other nodes reach it by, or none') =>
  refused('endpoint-unusable', `${what} cannot be dialled from another machine`, hint)

/**
 * Refuses an IPv4 address in IPv6 notation (RFC 4291, section 2.5.5), which no packet bears. Each other endpoint is
 * `null`.
 */
const mappedIn = (text: string): Parsed<never> | null => {
  const [, bracketed, port, bare] =
    /^(?:\[(::[0-9a-f:.]{1,40})\](:.*)?|(::[0-9a-f:.]{1,40}))$/i.exec(text) ?? []
  const address = bracketed ?? bare ?? ''
  const digits = /^::ffff:(?:0:)?(?:([0-9.]+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address)
  if (!digits) return null
  const [, dotted, high = '0', low = '0'] = digits
  const quad = dotted ?? quadOf(Number.parseInt(high, 16) * 65536 + Number.parseInt(low, 16))
  const plain = parseAddress(quad)
  const what = `${quoted(address)}, an IPv4 address in IPv6 notation,`
  return plain.ok && !isUnusable(plain.value) ? unusable(what, `write ${quad}${port ?? ''}`) : unusable(what)
}

const withPort = (spec: Omit<EndpointSpec, 'port'>, port: string | undefined): Parsed<EndpointSpec> => {
  if (port === undefined) return accepted({ ...spec, port: null })
  const parsed = parsePort(port)
  return parsed.ok ? accepted({ ...spec, port: parsed.value }) : parsed
}

/** getaddrinfo(3), wg(8) and systemd look names with underscores up too. */
const isDialled = (name: string): boolean => isHostName(name.replaceAll('_', 'x'))

/** Unspecified, multicast, broadcast, and link-local of IPv6, which would need a zone. */
const isNobodys = (address: Address): boolean =>
  familyOf(address) === 'ipv4'
    ? /^(0|22[4-9]|2[3-5][0-9])\./.test(address)
    : /^(::$|ff|fe[89ab])/.test(address)

/** These, the loopback, and link-local of IPv4. */
const isUnusable = (address: Address): boolean =>
  isNobodys(address) || /^(127\.|169\.254\.|::1$)/.test(address)

/** The name in an endpoint that has one, or `null` where it is an address. */
export const hostNameIn = (endpoint: Endpoint): string | null => {
  const host = endpoint.slice(0, endpoint.lastIndexOf(':'))
  return host.startsWith('[') || /^[0-9.]+$/.test(host) ? null : host
}

/** The endpoint as WireGuard wants it, with its port. */
export const endpointOf = (spec: EndpointSpec, port: Port): Endpoint =>
  `${spec.family === 'ipv6' ? `[${spec.host}]` : spec.host}:${spec.port ?? port}` as Endpoint
