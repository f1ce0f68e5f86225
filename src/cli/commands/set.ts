import { didYouMean } from '../../diagnostics/index.js'
import { all, on, UsageError, word } from '../arguments.js'
import { type Command, toggle } from '../command.js'

/** Sets or unsets one key of mesh.ini in place. */
export const set: Command = {
  usage: 'set <section> [words..]',
  describe: 'set a key: set mesh KEY VALUE, set node NAME KEY VALUE',
  about: 'One line changes; comments and layout stay. A segment or tenant that is not there yet is made.',
  positionals: {
    section: 'mesh, node, client, group, segment, tenant, targets or expect',
    words:
      'KEY VALUE; behind node, client, group, segment and tenant, NAME KEY VALUE; several values make a list',
  },
  options: { unset: toggle('take the key out, so that it has its default again') },
  async run(args, place) {
    const edit = await import('../../edit/index.js')
    const files = await import('../../files/index.js')
    const { drawKeys, writeKeysAnd } = await import('../newcomers/new-keys.js')
    const { need } = await import('../output/report.js')
    const { requireKeys } = await import('../workspace/keyless.js')
    const { homeOf } = await import('../workspace/loading.js')
    const { editMesh, requireNodes } = await import('../workspace/workspace.js')
    const { io } = place

    const { section, name, key, values } = await wordsOf(
      word(args, 'section') ?? '',
      all(args, 'words'),
      on(args, 'unset'),
    )
    await requireKey(section, key)
    await requireOneWord(section, key, values)
    const header = name === undefined ? section : `${section} ${name}`
    const home = homeOf(place)
    const { changed, done: seeded } = editMesh(place, (before, nodes, machines) => {
      if (section === 'node') requireNodes([name as string], nodes, machines)
      if (section === 'client' && !edit.hasSection(before, header))
        throw new UsageError(`there is no client "${name}"`, `write add-client ${name} first`)
      // Its members are what makes a group.
      if (section === 'group' && key !== 'members' && !edit.hasSection(before, header))
        throw new UsageError(`there is no group "${name}"`, `write set group ${name} members NODE… first`)
      if (values.length === 0 && !edit.hasKey(before, header, key))
        throw new UsageError(`[${header}] does not say ${key}`, 'there is nothing to take out')
      const text =
        values.length === 0
          ? edit.unsetKey(before, header, key)
          : need(edit.setKey(before, header, key, values))
      const seeds = header === 'mesh' && seedKeys.has(key) && ['yes', 'on', 'true'].includes(values[0] ?? '')
      const old = need(files.readKeys(home, machines))
      if (seeds) requireKeys({ file: place.file, text: before }, old)
      const keys = drawKeys(io, old, [], seeds)
      const write = (replace: () => void): boolean => {
        // A file that already says so may lack only its seed.
        if (text !== before || keys.seed) writeKeysAnd(home, keys, replace)
        return keys.seed !== null
      }
      return { text, ring: keys.ring, write }
    })
    if (seeded) io.stderr.write('new keys/preshared.seed: every operator of the mesh needs this file\n')
    const said = values.length === 0 ? 'has its default' : `is ${values.join(', ')}`
    const together = changed && header === 'mesh' && wholeMeshKeys.has(key)
    io.stderr.write(changed ? `[${header}] ${key} ${said} now\n` : `[${header}] ${key} was so already\n`)
    if (together) io.stderr.write('that concerns every node: apply the new files on all of them together\n')
    return 0
  },
}

/** What needs a seed that all operators have. */
const seedKeys = new Set(['preshared-keys', 'session-password'])

/** What nodes must agree in: while one has the old value and another the new, they do not understand each other. */
const wholeMeshKeys = new Set([
  'name',
  'underlay',
  'overlay',
  'containers',
  'vni',
  'asn',
  'port',
  'vxlan-port',
  'mode',
  'session-password',
])

interface Words {
  readonly section: string
  readonly name: string | undefined
  readonly key: string
  /** None for a key that is to go. */
  readonly values: readonly string[]
}

const wordsOf = async (section: string, words: readonly string[], unset: boolean): Promise<Words> => {
  const { keyed, named } = await import('../../parse/headers.js')
  if (!keyed.includes(section))
    throw new UsageError(`"${section}" is not a section that can be set`, didYouMean(section, keyed))
  const isNamed = named.includes(section)
  const shape = `set ${section}${isNamed ? ' NAME' : ''} KEY ${unset ? '--unset' : 'VALUE'}`
  const [name, key, ...values] = isNamed ? words : ['', ...words]
  if (key === undefined) throw new UsageError('the key is missing', `write ${shape}`)
  if (unset && values.length > 0) throw new UsageError('--unset takes no value', `write ${shape}`)
  if (!unset && values.length === 0)
    throw new UsageError(`the value for "${key}" is missing`, `write ${shape}, or --unset`)
  return { section, name: isNamed ? name : undefined, key, values }
}

/** A value with a blank in it, such as `eth1 192.168.50.0/24`, which a shell without quotes makes two of. */
const requireOneWord = async (section: string, key: string, values: readonly string[]): Promise<void> => {
  if (values.length < 2) return
  const { fieldNamed } = await import('../../parse/schema.js')
  const field = fieldNamed(section, key)
  const isValue = (text: string): boolean => field?.type.safeParse(text).success === true
  const whole = values.join(' ')
  if (values.every(isValue) || !isValue(whole)) return
  throw new UsageError(`"${key}" has ${values.length} values`, `quote it as one word: '${whole}'`)
}

const requireKey = async (section: string, key: string): Promise<void> => {
  const { fieldsOf } = await import('../../parse/schema.js')
  const known = Object.keys(fieldsOf[section as keyof typeof fieldsOf])
  if (known.includes(key.replace(/@.*/, '@SITE'))) return
  const { vwgenWords } = await import('../vwgen-words.js')
  throw new UsageError(`[${section}] has no key "${key}"`, vwgenWords.get(key) ?? didYouMean(key, known))
}
