/** A reader of `bridge -batch` files: bridge(8), "bridge fdb". */
export interface FdbEntry {
  readonly verb: string
  readonly mac: string
  readonly device: string
  readonly destination: string
  readonly via: string
}

export const flood = '00:00:00:00:00:00'

export const readFdb = (text: string): FdbEntry[] =>
  text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(text => {
      // What comes behind "#" is for readers.
      const line = text.replace(/ #.*$/, '')
      const words = line.split(' ')
      const [object, verb = '', mac = ''] = words
      const after = (word: string): string => words[words.indexOf(word) + 1] ?? ''
      const entry = {
        verb,
        mac,
        device: after('dev'),
        destination: after('dst'),
        via: after('via'),
      }
      const known = ['fdb', verb, mac, 'dev', entry.device, 'dst', entry.destination, 'via', entry.via]
      if (object !== 'fdb' || line !== [...known, 'self', 'permanent'].join(' '))
        throw new Error(`not an entry: ${line}`)
      return entry
    })
