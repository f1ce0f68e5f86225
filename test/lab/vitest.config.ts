import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { texts } from '../../vitest.config.js'

/** The lab: real daemons in network namespaces, one scenario after the other. */
export default defineConfig({
  plugins: [texts],
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/lab/*.lab.ts'],
    // The long form alone: sixteen changes under constant pings, what takes half a minute's silence to see, other tools' files
    // beside ours, cables and restarts one by one, a tree without apply.sh, and two behind NAT, which a site has as well.
    exclude:
      process.env.LAB_LONG === '1'
        ? []
        : ['impact', 'graceful', 'mixed', 'people', 'recovery', 'by-hand', 'relay'].map(
            name => `test/lab/${name}.lab.ts`,
          ),
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    disableConsoleIntercept: true,
    reporters: ['verbose'],
  },
})
