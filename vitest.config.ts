import { availableParallelism } from 'node:os'
import type { Plugin } from 'vitest/config'
import { defineConfig } from 'vitest/config'

/** Templates and scripts as text, as esbuild.config.mjs has them. */
export const texts: Plugin = {
  name: 'texts',
  enforce: 'pre',
  transform: (code, id) =>
    /\.(mustache|sh|bash|zsh)$/.test(id)
      ? { code: `export default ${JSON.stringify(code)}`, map: null }
      : undefined,
}

export default defineConfig({
  plugins: [texts],
  test: {
    include: ['test/**/*.test.ts'],
    // As many as there are processors, not one fewer: on two that is half the time.
    maxWorkers: availableParallelism(),
    // Longer where properties are to try more values (test/support/property.ts).
    testTimeout: 60_000 * Number(process.env.PROPERTY_TIMES ?? 1),
    hookTimeout: 60_000,
  },
})
