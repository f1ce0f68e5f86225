import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Longer where properties are to try more values (test/support/property.ts).
    testTimeout: 60_000 * Number(process.env.PROPERTY_TIMES ?? 1),
    hookTimeout: 60_000,
  },
})
