import { privateTextFor, publicHalf, publicKeyFor } from '../../oracles/keys.js'
import { server, siteOf } from './internet.js'

/** Machines that files of wg-quick speak of: those whose files they are, and peers without one. */
export interface Village {
  /** As they are given to the import. */
  readonly files: readonly { readonly file: string; readonly text: string }[]
  /** Those that have a file first. */
  readonly residents: readonly Resident[]
  /** Where the files say that residents are dialled. */
  readonly doors: readonly Door[]
}

export interface Resident {
  readonly name: string
  readonly device: string
  readonly text: string
  readonly privateKey: string
  /** Its own in the tunnel, and one of each network behind it. */
  readonly addresses: readonly string[]
  readonly behind: readonly string[]
  readonly listenPort: number | null
  /** Whose tunnel is the only one that it has, where its file is made up. */
  readonly hub: string | null
  /** Whether it sends what is for the internet into the tunnel. */
  readonly goesOut: boolean
}

/** `host:port` of the internet, which leads to a resident; of a name every port does. */
export interface Door {
  readonly host: string
  readonly port: number
  readonly to: Resident
}

interface Section {
  readonly header: string
  readonly text: string
}

const sectionsOf = (text: string): Section[] =>
  text
    .split(/^(?=\s*\[)/m)
    .map(part => ({ header: (/^\s*\[\s*(\w+)/.exec(part)?.[1] ?? '').toLowerCase(), text: part }))

const valuesOf = (text: string, key: string): string[] =>
  [...text.matchAll(new RegExp(`^[\\s\\ufeff]*${key}[ \\t]*=[ \\t]*([^#\\r\\n]*)`, 'gim'))]
    .map(([, value = '']) => value.trim())
    .filter(value => value !== '')

const listOf = (text: string, key: string): string[] =>
  valuesOf(text, key).flatMap(value => value.split(/[\s,]+/))

/** Makes up peers that have no file, some of them where there are many, each with a key pair of its own that takes the place of the file's public key. */
export const villageOf = (
  title: string,
  files: readonly { readonly file: string; readonly text: string }[],
  mostStrangers: number,
): Village => {
  const given = files.map(({ file, text }) => ({
    file,
    name: file.replace(/\.conf$/, '').replaceAll('/', '-'),
    device: (file.split('/').at(-1) as string).replace(/\.conf$/, ''),
    // The machines have one uplink, and it is called so.
    text: text.replace(/\b(ens\d+|enp\w+)\b/g, 'eth0'),
    privateKey: valuesOf(text, 'PrivateKey')[0] as string,
  }))
  const holders = new Map(given.map(one => [publicHalf(one.privateKey), one]))
  const sections = given.flatMap(one =>
    sectionsOf(one.text)
      .filter(({ header }) => header === 'peer')
      .map(({ text }) => ({ hub: one, text, key: valuesOf(text, 'PublicKey')[0] ?? '' })),
  )
  const unknown = sections.filter(({ key }) => key !== '' && !holders.has(key)).slice(0, mostStrangers)
  const strangerOf = new Map(unknown.map(({ key }, index) => [key, `${title} ${index + 1}`]))
  const withOurs = (text: string): string =>
    [...strangerOf].reduce((all, [key, name]) => all.replaceAll(key, publicKeyFor(name)), text)
  const strangers = unknown.map(({ hub, text, key }, index): Resident => {
    const name = strangerOf.get(key) as string
    const number = given.indexOf(hub) + 1
    const networks = listOf(hub.text, 'Address')
    const allowed = listOf(text, 'AllowedIPs')
    const hosts = allowed.filter(isHost).map(prefix => prefix.replace(/\/.*/, ''))
    const made = hostsIn(allowed.find(prefix => !/\/0$/.test(prefix)) ?? (networks[0] as string), index + 1)
    const goesOut = /MASQUERADE/.test(hub.text)
    const port = portOf(valuesOf(text, 'Endpoint')[0])
    const dialled = valuesOf(hub.text, 'ListenPort')[0]
    const psk = valuesOf(text, 'PresharedKey')[0]
    const lines = [
      '[Interface]',
      `PrivateKey = ${privateTextFor(name)}`,
      `Address = ${(hosts.length > 0 ? hosts : [made]).join(', ')}`,
      ...(port === null ? [] : [`ListenPort = ${port}`]),
      '',
      '[Peer]',
      `PublicKey = ${publicHalf(hub.privateKey)}`,
      ...(psk === undefined ? [] : [`PresharedKey = ${psk}`]),
      `AllowedIPs = ${[...networks, ...(goesOut ? [server.ipv4] : [])].join(', ')}`,
      ...(dialled === undefined ? [] : [`Endpoint = ${siteOf(number).ipv4}:${dialled}`]),
      '',
    ]
    return {
      name: name.replaceAll(' ', '-'),
      device: 'wg0',
      text: lines.join('\n'),
      privateKey: privateTextFor(name),
      addresses: hosts.length > 0 ? hosts : [made],
      behind: allowed
        .filter(prefix => !isHost(prefix) && isLan(prefix, networks))
        .map(prefix => hostsIn(prefix, 1)),
      listenPort: port,
      hub: hub.name,
      goesOut,
    }
  })
  const residents = [
    ...given.map(
      ({ name, device, text, privateKey }): Resident => ({
        name,
        device,
        text: withOurs(text),
        privateKey,
        addresses: listOf(text, 'Address').map(address => address.replace(/\/.*/, '')),
        behind: [],
        listenPort: Number(valuesOf(text, 'ListenPort')[0] ?? Number.NaN) || null,
        hub: null,
        goesOut: false,
      }),
    ),
    ...strangers,
  ]
  const byKey = new Map(residents.map(resident => [publicHalf(resident.privateKey), resident]))
  return {
    files: given.map(({ file, text }) => ({ file, text: withOurs(text) })),
    residents,
    doors: [
      ...sections.flatMap(({ text, key }): Door[] => {
        const to = byKey.get(holders.has(key) ? key : publicKeyFor(strangerOf.get(key) ?? ''))
        const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(valuesOf(text, 'Endpoint')[0] ?? '') ?? []
        return to === undefined || host === '' || host.startsWith('127.')
          ? []
          : [{ host, port: Number(port), to }]
      }),
      // What an installer notes of its own server.
      ...residents.flatMap((to): Door[] => {
        const host = /^# ENDPOINT (\S+)$/m.exec(to.text)?.[1]
        return host === undefined || to.listenPort === null ? [] : [{ host, port: to.listenPort, to }]
      }),
    ],
  }
}

const portOf = (endpoint: string | undefined): number | null =>
  endpoint === undefined ? null : Number(/:(\d+)$/.exec(endpoint)?.[1])

const isHost = (prefix: string): boolean => {
  const [address = '', length] = prefix.split('/')
  if (length === undefined || length === '32' || length === '128') return true
  // Host bits of an IPv6 address: whoever writes them means the address.
  return address.includes(':') && !address.endsWith('::')
}

/** Behind the peer, and no part of the tunnel's own networks, nor everything. */
const isLan = (prefix: string, networks: readonly string[]): boolean =>
  /^\d+\.\d+\.\d+\.0\/24$/.test(prefix) &&
  !networks.some(network => network.startsWith(prefix.replace(/\.0\/24$/, '.')))

/** An address of a network, of IPv4 alone: that is what people leave out. */
const hostsIn = (network: string, number: number): string => {
  const [address = ''] = network.split('/')
  const last = Number(address.split('.').at(-1))
  return address.replace(/\d+$/, `${last + number}`)
}
