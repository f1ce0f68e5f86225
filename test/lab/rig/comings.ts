import { Client } from './client.js'
import { type Kind, one } from './draw.js'
import type { Host } from './host.js'
import { siteOf } from './internet.js'

/** Nodes at most and at least. */
const [most, fewest] = [5, 4]

/** A node of any kind of uplink comes. */
const arrival: Kind = (draw, { lab }) => {
  const uplink = one(draw, ['dual', 'ipv6', 'nat'] as const)
  if (lab.hosts.length >= most) return null
  return { what: `a node comes (${uplink})`, make: life => life.lab.addHost(life.next(), uplink) }
}

/** One goes: it is taken out of the mesh before the others know of it, after that, or it runs on. */
const departure: Kind = (draw, { lab }) => {
  const { name } = one(draw, lab.hosts)
  const when = one(draw, ['before', 'after', 'never'] as const)
  if (lab.hosts.length <= fewest) return null
  let gone: Host | null = null
  return {
    what: `${name} goes (--remove ${when})`,
    make: ({ lab }) => {
      gone = lab.removeHost(name)
    },
    before: () => {
      if (when === 'before') gone?.apply('--remove')
    },
    afterwards: () => {
      if (when === 'after') gone?.apply('--remove')
    },
  }
}

const clientArrival: Kind = (draw, { lab, clients }) => {
  const uplink = one(draw, ['dual', 'ipv6', 'nat'] as const)
  const [via, named] = [one(draw, lab.hosts).name, draw(2) === 0]
  if (clients.length >= 2) return null
  return {
    what: `a client comes (${uplink}${named ? `, via ${via}` : ''})`,
    make: async life => {
      const number = life.next()
      const name = `laptop${number}`
      life.clients.push(await Client.open(name, life.lab.internet, siteOf(number), uplink))
      life.lab.operator.ciabGen('add-client', name, ...(named ? ['--via', via] : []))
    },
  }
}

const clientDeparture: Kind = (draw, { clients }) => {
  if (clients.length === 0) return null
  const { name } = one(draw, clients)
  return {
    what: `client ${name} goes`,
    make: async life => {
      life.lab.operator.ciabGen('remove-client', name)
      const [gone] = life.clients.splice(
        life.clients.findIndex(client => client.name === name),
        1,
      )
      await gone?.close()
    },
  }
}

const clientKey: Kind = (draw, { clients }) => {
  if (clients.length === 0) return null
  const { name } = one(draw, clients)
  return { what: `rotate-key ${name}`, make: ({ lab }) => lab.operator.ciabGen('rotate-key', name) }
}

export const comings: readonly Kind[] = [
  arrival,
  arrival,
  arrival,
  departure,
  departure,
  departure,
  clientArrival,
  clientArrival,
  clientDeparture,
  clientKey,
]
