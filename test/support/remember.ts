const kept = 300

/** The function with a memory: properties of one test file meet the same values again and again. */
export const remember = <Value, Made>(make: (value: Value) => Made): ((value: Value) => Made) => {
  const known = new Map<string, Made>()
  return value => {
    const key = JSON.stringify(value)
    const before = known.get(key)
    if (before !== undefined) return before
    const made = make(value)
    if (known.size >= kept) known.clear()
    known.set(key, made)
    return made
  }
}
