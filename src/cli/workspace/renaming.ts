import { type Machine, machineNames, renameNode } from '../../edit/index.js'
import { copyKey, keyFileOf, nextOf, readKeys, removeKey } from '../../files/index.js'
import { word } from '../arguments.js'
import type { Arguments, Place } from '../command.js'
import { requireLabel } from '../newcomers/newcomers.js'
import { need } from '../output/report.js'
import { homeOf } from './loading.js'
import { editMesh, requireFree, requireMachines } from './workspace.js'

/** Gives a node or client another name; its id, and with it every address, stays. */
export const rename = (kind: Machine, args: Arguments, place: Place): number => {
  const { io } = place
  const from = word(args, 'old') ?? ''
  const to = requireLabel(word(args, 'new') ?? '')
  const home = homeOf(place)
  const { done: moved } = editMesh(place, (before, nodes, machines) => {
    requireMachines(kind, [from], machineNames(before, [kind]))
    requireFree([to], nodes, machines)
    const old = need(readKeys(home, machines))
    const key = old.privateKeys.get(from)
    const privateKeys = new Map(old.privateKeys)
    if (key) privateKeys.set(to, key)
    const write = (replace: () => void): boolean => {
      // Under both names until mesh.ini has the new one, so that a kill in between costs nothing.
      const moved = need(copyKey(home, from, to))
      need(copyKey(home, nextOf(from), nextOf(to)))
      try {
        replace()
      } catch (error) {
        for (const name of [to, nextOf(to)]) removeKey(home, name)
        throw error
      }
      for (const name of [from, nextOf(from)]) need(removeKey(home, name))
      return moved
    }
    const ring = { privateKeys, presharedSeed: old.presharedSeed }
    return { text: renameNode(before, from, to, kind), ring, write }
  })
  io.stderr.write(`${from} is ${to} now${moved ? `, its key ${keyFileOf(to)}` : ''}\n`)
  return 0
}
