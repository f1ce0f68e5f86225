import type { Options } from 'yargs'
import { toggle, valued } from './command.js'

/** Options that every command has. */
export const globalOptions: Readonly<Record<string, Options>> = {
  C: valued('work in this directory'),
  f: valued('the mesh, mesh.ini if not given'),
  quiet: { ...toggle('say nothing but data, errors and warnings'), alias: 'q' },
  'no-color': toggle('no color, on a terminal either'),
}
