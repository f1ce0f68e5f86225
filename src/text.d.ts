/** Templates are files of their own; whatever bundles or runs this source takes them as text. */
declare module '*.mustache' {
  const text: string
  export default text
}

/** So are the scripts for shells that complete words. */
declare module '*.bash' {
  const text: string
  export default text
}

declare module '*.zsh' {
  const text: string
  export default text
}

/** So are the parts of the programs that run on nodes. */
declare module '*.sh' {
  const text: string
  export default text
}
