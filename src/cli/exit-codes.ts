/** What the command exits with, and what that says. */
export const exitCodes: readonly (readonly [code: number, says: string])[] = [
  [0, 'fine'],
  [1, 'the mesh, or a difference that `gen --check` found, is at fault'],
  [2, 'the command line is'],
  [70, 'a bug of ours'],
]
