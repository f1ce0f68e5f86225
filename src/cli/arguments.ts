import type { Arguments } from './command.js'

/** A command line that makes no sense; exit code 2. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}

/** What a `-` among the files of a command is to the command. */
export const standardInput = '/dev/stdin'

/** An option as it is written. */
export const label = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`)

/** An option's value; yargs makes an array of one given twice. */
export const one = (args: Arguments, name: string): string | undefined => {
  const value = args[name]
  if (value === undefined) return undefined
  if (Array.isArray(value)) throw new UsageError(`${label(name)} stands twice`, 'keep one of the two')
  if (typeof value !== 'string' || value === '')
    throw new UsageError(`${label(name)} has no value`, `write ${label(name)} VALUE`)
  return value
}

/** An argument, which has no dashes; what an empty one means is for the command to say. */
export const word = (args: Arguments, name: string): string | undefined => all(args, name)[0]

/** Whether a switch is on. */
export const on = (args: Arguments, name: string): boolean => {
  const value = args[name]
  if (Array.isArray(value)) throw new UsageError(`${label(name)} stands twice`, 'keep one of the two')
  return value === true
}

/** All values of an option or argument that may be repeated. */
export const all = (args: Arguments, name: string): string[] => {
  const value = args[name]
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}

/** A whole number. */
export const wholeNumber = (
  args: Arguments,
  name: string,
  least: number,
  most: number,
): number | undefined => {
  const text = one(args, name)
  if (text === undefined) return undefined
  if (!/^[0-9]{1,10}$/.test(text) || Number(text) < least || Number(text) > most)
    throw new UsageError(`${label(name)} ${text} is not a whole number from ${least} to ${most}`)
  return Number(text)
}
