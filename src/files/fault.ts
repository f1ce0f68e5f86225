import { basename, dirname } from 'node:path'
import type { Code, Diagnostic, Result, Span } from '../diagnostics/index.js'

/** Carries a diagnostic out of nested file operations; {@link attempt} turns it into a result. */
class Refusal extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message)
  }
}

/** Ends the file operation under way with an error for the user. */
export const refuse = (code: Code, message: string, hint?: string, span: Span | null = null): never => {
  throw new Refusal({ severity: 'error', code, message, span, hint })
}

/** Runs file operations; refusals and what the operating system refuses become diagnostics. */
export const attempt = <T>(run: () => T): Result<T> => {
  try {
    return { ok: true, value: run(), warnings: [] }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, diagnostics: [error.diagnostic] }
    if (isSystemError(error)) return { ok: false, diagnostics: [systemFault(error)] }
    throw error
  }
}

/** Whether the operating system refused with one of these `errno` names. */
export const isErrno = (error: unknown, ...codes: readonly string[]): boolean =>
  isSystemError(error) && codes.includes(error.code)

type SystemError = Error & {
  readonly code: string
  readonly syscall: string
  readonly path?: string
  readonly dest?: string
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error

/** errno(3) in words, and what to do about it. */
const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOSPC: [
    'no space is left on the disk',
    'make room, and run the same command again: it goes on where it stopped',
  ],
  EDQUOT: [
    'the disk quota is used up',
    'make room, and run the same command again: it goes on where it stopped',
  ],
  EACCES: ['permission is denied', 'run as the user who owns it, or choose another directory'],
  EPERM: ['permission is denied', 'run as the user who owns it, or choose another directory'],
  EROFS: ['the file system is read-only', 'choose another directory'],
  ENOENT: ['it does not exist', 'check the path'],
  ENOTDIR: ['a part of the path is not a directory', 'check the path'],
  EISDIR: ['it is a directory', 'check the path'],
  EXDEV: ['another file system is mounted inside the output directory', 'choose another directory'],
  ENAMETOOLONG: ['the path is too long', 'choose a directory with a shorter path'],
  ELOOP: ['it is a symbolic link', 'choose another path'],
  EMFILE: ['too many files are open', 'raise the limit with ulimit -n'],
  EIO: ['the disk reports an error', 'look at the disk'],
}

const systemFault = ({ code, path, dest }: SystemError): Diagnostic => {
  const [reason, hint] = Object.hasOwn(reasons, code)
    ? (reasons[code] as readonly [string, string])
    : [code, undefined]
  const at = dest ?? path
  // Nobody knows our drafts and locks: what cannot be written is the directory they are in.
  const place = at !== undefined && /^\..*\.(?:tmp|new|pending)$/s.test(basename(at)) ? dirname(at) : at
  return {
    severity: 'error',
    code: 'file-write',
    message: place === undefined ? reason : `${place}: ${reason}`,
    span: null,
    hint,
  }
}
