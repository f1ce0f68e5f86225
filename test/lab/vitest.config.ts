import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { texts } from '../../vitest.config.js'

/** The lab: real daemons in network namespaces, one scenario after the other. */
export default defineConfig({
  plugins: [texts],
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/lab/*.lab.ts'],
    // Sixteen changes one after the other, each under constant pings.
    exclude: process.env.LAB_LONG === '1' ? [] : ['test/lab/impact.lab.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    disableConsoleIntercept: true,
    reporters: ['verbose'],
  },
})
