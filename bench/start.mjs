// How long the command takes to say its version, beside node that does nothing.
import { cli, median, run } from './measure.mjs'

const times = args => median(Array.from({ length: 21 }, () => run(process.execPath, args).milliseconds))
times(['-e', '0'])
const bare = times(['-e', '0'])
const version = times([cli, '--version'])
console.log(`node -e 0            ${bare.toFixed(0)} ms`)
console.log(`ciab-gen --version   ${version.toFixed(0)} ms (+${(version - bare).toFixed(0)} ms)`)
