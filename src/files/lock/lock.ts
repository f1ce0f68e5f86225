import { randomBytes } from 'node:crypto'
import { closeSync, fchmodSync, linkSync, lstatSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname } from 'node:path'
import { draftOf, openNew, sweep } from '../draft.js'
import { isErrno, refuse } from '../fault.js'
import { readRegular } from '../read.js'
import { isAlive, ourselves, type ProcessMark } from './alive.js'

/** How long a command waits for one other; where many queue up, the wait begins again with each. Milliseconds. */
const patience = 30_000

/** Who holds a lock. The token is another for every time a lock is taken. */
interface Holder extends ProcessMark {
  readonly host: string
  readonly token: string
}

/**
 * Runs `work` while no other process has the lock, a file of that path; waits for one that has. The
 * lock of a process that died on this machine is taken over.
 *
 * `work` is synchronous: the process could otherwise wait here for itself.
 */
export const withLock = <T>(path: string, work: () => T, wait = patience): T => {
  const mine = acquire(path, wait)
  try {
    sweep(dirname(path), basename(path))
    return work()
  } finally {
    release(path, mine)
  }
}

/**
 * The same, with Ctrl-C held back until the lock is free again: the work is finished and the process
 * then ends by the signal.
 */
export const withLockToTheEnd = <T>(path: string, work: () => T): T => {
  const mine = acquire(path, patience, holdSignals, forgetSignals)
  try {
    return work()
  } finally {
    release(path, mine)
    // A signal that came meanwhile is delivered in the event loop's next poll, which is before this.
    setImmediate(forgetSignals)
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const endLater = (signal: NodeJS.Signals): void => {
  forgetSignals()
  process.kill(process.pid, signal)
}

const holdSignals = (): void => {
  for (const signal of signals)
    if (!process.listeners(signal).includes(endLater)) process.on(signal, endLater)
}

const forgetSignals = (): void => {
  for (const signal of signals) process.off(signal, endLater)
}

const nothing = (): void => {}

/** Waits for the lock and takes it. `before` is called ahead of each try, `missed` behind each that failed. */
const acquire = (path: string, wait: number, before = nothing, missed = nothing): Holder => {
  const mine: Holder = { ...ourselves(), host: hostname(), token: randomBytes(8).toString('hex') }
  let deadline = performance.now() + wait
  let seen = ''
  for (;;) {
    before()
    if (tryAcquire(path, mine)) return mine
    missed()
    const holder = holderOf(path)
    const token = holder && holder !== 'none' ? holder.token : seen
    if (token !== seen) deadline = performance.now() + wait
    else if (performance.now() > deadline) giveUp(path, wait)
    seen = token
    // Jitter, so that twenty who wait do not all look at the same moment.
    Atomics.wait(sleeper, 0, 0, 10 + Math.random() * 40)
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))

const giveUp = (path: string, wait: number): never => {
  const holder = holderOf(path)
  const who =
    holder && holder !== 'none' ? `process ${holder.pid} on ${holder.host} has` : 'another process has'
  const hint = `wait until it is done; if no ciab-gen is running, delete ${basename(path)}`
  return refuse('file-locked', `${who} held ${basename(path)} for ${wait / 1000} s`, hint)
}

const tryAcquire = (path: string, mine: Holder): boolean => {
  const holder = holderOf(path)
  if (holder === 'none') return create(path, mine)
  if (holder && holder.host === mine.host && !isAlive(holder)) breakLock(path, holder, mine)
  return false
}

/**
 * Removes a dead process's lock. Two who see it must not both: the second would remove the lock that
 * the first has taken meanwhile. So whoever removes the lock with a token holds the lock named after
 * that token, and looks again; if he dies in it, the same rule breaks his.
 */
const breakLock = (path: string, dead: Holder, mine: Holder): void => {
  const guard = `${path}.${dead.token}`
  if (!tryAcquire(guard, mine)) return
  try {
    const holder = holderOf(path)
    if (holder !== 'none' && holder?.token === dead.token) unlinkSync(path)
  } finally {
    release(guard, mine)
  }
}

/** Makes the lock with its content in one step, so that nobody sees it half-written. */
const create = (path: string, mine: Holder): boolean => {
  const draft = draftOf(path)
  const content = JSON.stringify(mine)
  try {
    writeDraft(draft, content)
    linkSync(draft, path)
    return true
  } catch (error) {
    // ENOENT: someone swept our draft away; the next round makes another.
    if (
      isErrno(error, 'EEXIST') ||
      (isErrno(error, 'ENOENT') && (error as { syscall: string }).syscall === 'link')
    )
      return false
    if (!isErrno(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error
    return createWithoutLinks(path, content)
  } finally {
    unlinkIfThere(draft)
  }
}

const writeDraft = (draft: string, content: string): void => {
  const descriptor = openNew(draft, 0o644)
  try {
    // Whoever waits, perhaps as another user, must be able to read who holds it.
    fchmodSync(descriptor, 0o644)
    writeFileSync(descriptor, content)
  } finally {
    closeSync(descriptor)
  }
}

/** For file systems without hard links. */
const createWithoutLinks = (path: string, content: string): boolean => {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o644 })
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

/** Who holds the lock; `null` where the file does not say. What is no file of ours is refused, and not waited for. */
const holderOf = (path: string): Holder | null | 'none' => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return 'none'
  const bytes = found.isFile() ? readRegular(path, largestLock) : 'irregular'
  if (bytes === 'absent') return 'none'
  if (bytes === 'irregular')
    return refuse(
      'file-locked',
      `${path} stands where the lock would be, and is not a regular file`,
      `delete ${basename(path)}, which ciab-gen did not make`,
    )
  return bytes === 'large' ? null : holderIn(Buffer.from(bytes).toString('utf8'))
}

/** Far more than a lock has. */
const largestLock = 4096

const holderIn = (text: string): Holder | null => {
  try {
    const { host, pid, start, namespace, token } = JSON.parse(text)
    const readable =
      typeof host === 'string' && Number.isSafeInteger(pid) && pid > 0 && /^[0-9a-f]{16}$/.test(token)
    return readable ? { host, pid, start: wordOf(start), namespace: wordOf(namespace), token } : null
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null
    throw error
  }
}

const wordOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const release = (path: string, mine: Holder): void => {
  const holder = holderOf(path)
  if (holder !== 'none' && holder?.token === mine.token) unlinkIfThere(path)
}

const unlinkIfThere = (path: string): void => {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error
  }
}
