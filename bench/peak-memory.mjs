// Loaded into the measured process (node --import): reports its peak resident set, in kilobytes, on descriptor 3.
import { writeSync } from 'node:fs'

process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))
