import { describe, expect, it } from 'vitest'
import { session } from '../cli/session.js'
import { caseNames, judge, runsOf } from './judge.js'

describe.each(caseNames)('%s', name => {
  const here = session()
  const meshes: (string | null)[] = []
  runsOf(name).forEach((one, index) => {
    it(one.import.slice(1).join(' '), async () => {
      const { failures, ini } = await judge(here, name, one)
      // The mesh is called after the file.
      const base = one.import[1]?.replace(/\.conf$/, '') ?? ''
      meshes[index] = ini?.replace(`= ${base}\n`, '= BASE\n') ?? null
      expect(failures.join('\n')).toBe('')
      if (one.same_mesh_as !== undefined) expect(meshes[index]).toBe(meshes[one.same_mesh_as])
    })
  })
})
