import fc from 'fast-check'

/** Values that a property is tried on. */
const usual = 30

/** `PROPERTY_TIMES=20` tries twenty times as many, to look for what a usual run would meet once in a while. */
const times = Number(process.env.PROPERTY_TIMES ?? 1)

/**
 * One for all properties of a test file, so that they share the meshes they look at. Failures print it, and `PROPERTY_SEED`
 * plays it again. By hand it is another one each time; before a change lands the same, so that a change is not refused for
 * what another one brought.
 */
const seed = Number(process.env.PROPERTY_SEED ?? (process.env.CI ? 1 : fc.sample(fc.integer(), 1)[0]))
fc.configureGlobal({ seed })

export { fc }

/** Holds for every value tried, or fails with the smallest found for which it does not. */
export const forAll = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, numRuns = usual): void =>
  fc.assert(
    fc.property(arbitrary, value => {
      check(value)
    }),
    { numRuns: numRuns * times },
  )
