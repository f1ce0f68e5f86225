/// <reference lib="dom" />
import type { Questions } from './protocol.js'

/** Asks the part that computes; answers come when they come, so that the page never stands still. */
export type Ask = <Name extends keyof Questions>(
  name: Name,
  ...args: Parameters<Questions[Name]>
) => Promise<ReturnType<Questions[Name]>>

/** The same program again, as a worker: of a blob, since the page may load nothing. */
export const asker = (program: string): Ask => {
  let worker: Worker | null = null
  const waiting = new Map<
    number,
    { readonly done: (value: never) => void; readonly failed: (why: Error) => void }
  >()
  // When the first question comes.
  const start = (): Worker => {
    const made = new Worker(URL.createObjectURL(new Blob([program], { type: 'text/javascript' })))
    made.addEventListener(
      'message',
      ({ data }: MessageEvent<{ id: number; value?: never; error?: string }>) => {
        const one = waiting.get(data.id)
        waiting.delete(data.id)
        if (data.error === undefined) one?.done(data.value as never)
        else one?.failed(new Error(data.error))
      },
    )
    return made
  }
  let count = 0
  return (name, ...args) =>
    new Promise((done, failed) => {
      const id = ++count
      waiting.set(id, { done, failed })
      worker ??= start()
      worker.postMessage({ id, name, args })
    })
}
