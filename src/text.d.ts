/** Templates are files of their own; whatever bundles or runs this source takes them as text. */
declare module '*.mustache' {
  const text: string
  export default text
}

/** So are the parts of the programs that run on nodes. */
declare module '*.sh' {
  const text: string
  export default text
}
