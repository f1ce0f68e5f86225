/// <reference lib="dom" />
import { answersFor } from './answers.js'
import { asker } from './ask.js'
import { startPage } from './start.js'

/* One program for both sides: in the page it draws, in its worker it computes. */

if (typeof document === 'undefined') {
  const answers = answersFor() as unknown as Record<string, (...args: unknown[]) => unknown>
  addEventListener(
    'message',
    ({ data: { id, name, args } }: MessageEvent<{ id: number; name: string; args: unknown[] }>) => {
      try {
        postMessage({ id, value: answers[name]?.(...args) })
      } catch (error) {
        postMessage({ id, error: String(error) })
      }
    },
  )
} else {
  const text = JSON.parse(document.getElementById('mesh-ini')?.textContent ?? '""') as string
  const program = document.getElementById('program')?.textContent ?? ''
  // What one types is not to wait for what was asked about the whole mesh.
  startPage(asker(program), asker(program), text)
}
