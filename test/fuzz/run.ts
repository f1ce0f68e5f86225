import { corpus, judge } from './judge.js'
import { inputOf } from './mutate.js'

/** `npm run fuzz -- INPUTS [SEED [FIRST]]`: like the test, for as long as wanted, and with an eye on the clock. */
const [inputs = 100_000, seed = 1, first = 0] = process.argv.slice(2).map(Number)

/** No single file may keep a person waiting; megabytes of junk take a fraction of this. */
const longest = 10_000

const started = performance.now()
const tally = new Map<string, number>()
let accepted = 0
let slowest = { index: -1, milliseconds: 0, characters: 0 }
let failures = 0

for (let index = first; index < first + inputs && failures < 5; index++) {
  const text = inputOf(index, seed, corpus)
  const began = performance.now()
  try {
    const verdict = judge(text)
    if (verdict.ok) accepted++
    for (const code of new Set(verdict.codes)) tally.set(code, (tally.get(code) ?? 0) + 1)
  } catch (error) {
    failures++
    console.error(`input ${index} of seed ${seed}: ${JSON.stringify(text.slice(0, 3000))}\n`, error)
  }
  const milliseconds = performance.now() - began
  if (milliseconds > slowest.milliseconds) slowest = { index, milliseconds, characters: text.length }
}

const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(`${inputs} inputs of seed ${seed} in ${seconds} s: ${accepted} meshes, ${tally.size} codes`)
console.log(
  `slowest: input ${slowest.index}, ${slowest.characters} characters in ${Math.round(slowest.milliseconds)} ms`,
)
console.log(
  [...tally]
    .sort((a, b) => b[1] - a[1])
    .map(([code, count]) => `${code} ${count}`)
    .join(', '),
)
if (failures > 0 || slowest.milliseconds > longest) process.exitCode = 1
