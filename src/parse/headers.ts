/** Kinds of sections: any number of each with a name, and those that stand once. */
export const named = ['node', 'client', 'group', 'segment', 'tenant']
export const single = ['mesh', 'exclude', 'targets', 'expect']

/** Those that have keys, as `set` takes them; `[exclude]` has pairs of nodes. */
export const keyed = ['mesh', ...named, 'targets', 'expect']

/** Every header there is, as a hint lists them. */
export const headers = (): string => {
  const all = [...named.map(kind => `[${kind} NAME]`), ...single.map(kind => `[${kind}]`)]
  return `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`
}
