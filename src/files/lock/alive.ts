import { readFileSync, readlinkSync } from 'node:fs'

/** What tells one process of a machine from every other: its number, and when it began. */
export interface ProcessMark {
  readonly pid: number
  /** Clock ticks since boot (proc(5), starttime), or `null` where there is no /proc. */
  readonly start: string | null
  /** Where its number counts (pid_namespaces(7)), or `null` where there is no /proc. */
  readonly namespace: string | null
}

/** The process that runs this. */
export const ourselves = (): ProcessMark => ({
  pid: process.pid,
  start: statOf(process.pid)?.start ?? null,
  namespace: ourNamespace(),
})

const ourNamespace = (): string | null => {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

/** Whether the process is still there, as far as one can know; its number alone could belong to a later one. */
export const isAlive = ({ pid, start, namespace }: ProcessMark): boolean => {
  // In another container its number is nobody's here, or another process's.
  if (namespace !== null && namespace !== ourNamespace()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there and another user's.
    return (error as { code?: unknown }).code === 'EPERM'
  }
  const now = statOf(pid)
  if (now === null) return true
  return now.state !== 'Z' && (start === null || now.start === start)
}

const statOf = (pid: number): { state: string; start: string } | null => {
  try {
    // The second field, the program's name, may itself hold blanks and parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] as string, start: fields[19] as string }
  } catch {
    return null
  }
}
