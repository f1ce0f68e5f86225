import { type Machine, machineNames, removeNode } from '../../edit/index.js'
import { keyFileOf, nextOf, readKeys, removeKey } from '../../files/index.js'
import { all, on } from '../arguments.js'
import type { Arguments, Place } from '../command.js'
import { counted, need } from '../output/report.js'
import { homeOf } from './loading.js'
import { editMesh, requireMachines } from './workspace.js'

/** Takes nodes or clients out of mesh.ini, and deletes their keys. */
export const leave = (kind: Machine, args: Arguments, place: Place): number => {
  const { io, file } = place
  const names = [...new Set(all(args, 'names'))]
  const keep = on(args, 'keep-key')
  const home = homeOf(place)
  const { nodes, done: deleted } = editMesh(place, (before, _, machines) => {
    requireMachines(kind, names, machineNames(before, [kind]), machines)
    let text = before
    for (const name of names) text = need(removeNode(text, name, kind))
    const write = (replace: () => void): string[] => {
      replace()
      const stored = names.flatMap(name => [name, nextOf(name)])
      return keep ? [] : stored.filter(name => need(removeKey(home, name)))
    }
    return { text, ring: need(readKeys(home, machines)), write }
  })
  for (const name of names) io.stderr.write(`removed ${name}\n`)
  for (const name of deleted) io.stderr.write(`deleted ${keyFileOf(name)}\n`)
  io.stderr.write(`${file} has ${counted(nodes, 'node')} now\n`)
  return 0
}
