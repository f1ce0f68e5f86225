// Loaded into the measured process (node --import): its peak resident set in kilobytes, and the microseconds of the
// processor it took, on descriptor 3.
import { writeSync } from 'node:fs'

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  writeSync(3, `${maxRSS} ${userCPUTime + systemCPUTime}`)
})
