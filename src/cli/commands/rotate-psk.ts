import type { Command } from '../command.js'

/** Draws the preshared keys of all pairs anew, and the password of BGP's sessions, which comes from the same seed. */
export const rotatePsk: Command = {
  usage: 'rotate-psk',
  describe: 'draw the preshared keys of all pairs anew, and the password of BGP',
  about:
    'Applied everywhere within 50 seconds, no tunnel is lost. Another password of BGP (session-password) does interrupt its sessions.',
  positionals: {},
  options: {},
  async run(_args, place) {
    const { machineNames } = await import('../../edit/index.js')
    const { readKeys, replacePinned, replaceSeed } = await import('../../files/index.js')
    const { base64Of, PresharedKey } = await import('../../net/index.js')
    const { Failure, need } = await import('../output/report.js')
    const { takingEffect } = await import('../steps/installing.js')
    const { homeOf, loadMesh } = await import('../workspace/loading.js')
    const { editing, readForEdit } = await import('../workspace/workspace.js')
    const { io } = place
    const { password, run } = editing(place, () => {
      const { mesh } = loadMesh(place)
      const home = homeOf(place)
      const { pinnedPresharedKeys: pinned } = need(readKeys(home, machineNames(readForEdit(place))))
      const seeded = mesh.presharedSeed !== null || mesh.sessionPassword !== null
      if (!seeded && !pinned?.size) throw new Failure([noneToRotate], {})
      // With a seed every pair has its key from there; without one the pairs that had a key get another.
      const draw = () => new PresharedKey(base64Of(io.randomBytes(32)))
      const renewed =
        mesh.presharedSeed === null ? [...(pinned ?? [])].map(([pair]) => [pair, draw()] as const) : []
      if (seeded) need(replaceSeed(home, io.randomBytes(32)))
      if (pinned?.size) need(replacePinned(home, new Map(renewed)))
      return { password: mesh.sessionPassword !== null, run: takingEffect(mesh.nodes) }
    })
    io.stderr.write(
      'every pair has a new preshared key; public keys and addresses stay\n' +
        `next: ciab-gen gen; copy all trees, and ${run} everywhere within 50 s: no tunnel is lost\n` +
        'a pair goes on under its session, which lasts at least that long; after that it carries nothing until both have done so\n' +
        (password
          ? "BGP's password changes too: two nodes forget each other's routes from when one has the new one until both have\n"
          : ''),
    )
    return 0
  },
}

const noneToRotate = {
  severity: 'error',
  code: 'preshared-seed',
  message: 'the mesh has no preshared keys',
  span: null,
  hint: '"ciab-gen set mesh preshared-keys yes" gives every pair one',
} as const
