import { on, one, UsageError, word } from '../arguments.js'
import { type Command, toggle, valued } from '../command.js'

/** Shows a client's file as a QR code, which WireGuard's apps for phones scan. */
export const qr: Command = {
  usage: 'qr <client>',
  describe: "show a client's file as a QR code, for a phone to scan",
  about:
    'It holds the private key: whoever sees it is the client. So it goes to a terminal, or into a file that others cannot read, and nowhere else.',
  positionals: { client: 'the client' },
  options: {
    svg: valued('write it as an image, into this file'),
    invert: toggle('for a terminal with dark letters on a light ground'),
  },
  async run(args, place) {
    const { resolve } = await import('node:path')
    const { attempt, createFile } = await import('../../files/index.js')
    const { generate } = await import('../../generate.js')
    const { textOf } = await import('../../render/chunks.js')
    const { imageCode, mostBytes, terminalCode } = await import('../output/qr-code.js')
    const { need } = await import('../output/report.js')
    const { loadMesh } = await import('../workspace/loading.js')
    const { requireMachines } = await import('../workspace/workspace.js')
    const { io, directory } = place

    const name = word(args, 'client') ?? ''
    const image = one(args, 'svg')
    const { mesh } = loadMesh(place)
    const clients = mesh.nodes.flatMap(node => node.clients)
    requireMachines(
      'client',
      [name],
      clients.map(client => client.name),
      mesh.nodes.map(node => node.name),
    )
    if (clients.some(client => client.name === name && client.privateKey === null))
      throw new UsageError(
        `${name} keeps its private key itself, so there is nothing to scan`,
        `import the file that "ciab-gen gen" writes for it, and add its key there`,
      )
    const [tree] = generate(mesh, { nodes: [name] })
    const text = textOf(tree?.files[0]?.content ?? [])
    if (Buffer.byteLength(text) > mostBytes)
      throw new UsageError(
        `the file of ${name} has more than the ${mostBytes} bytes that a QR code holds`,
        'import the file that "ciab-gen gen" writes for it',
      )
    if (image !== undefined) {
      need(attempt(() => createFile(resolve(directory, image), imageCode(text), 0o600)))
      io.stderr.write(`${image} holds the private key of ${name}: delete it once it has been scanned\n`)
      return 0
    }
    if (!io.stdout.isTerminal)
      throw new UsageError(
        'the code holds a private key, and goes to a terminal alone',
        'write --svg FILE for an image that others cannot read',
      )
    io.stdout.write(terminalCode(text, on(args, 'invert')))
    return 0
  },
}
