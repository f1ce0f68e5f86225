import type { Diagnostic } from '../../diagnostics/index.js'
import type { Output } from '../io.js'

/** What a command tells programs: one JSON object, of which people see nothing. */
export interface Answer {
  /** Adds data; nothing is printed before the end. */
  give(data: Readonly<Record<string, unknown>>): void
  /** Begins a list that is too long to keep, one of a command at most; what is added to it is printed at once. */
  list(name: string): (item: unknown) => void
}

/** For people, who are not told by an answer. */
export const noAnswer: Answer = { give: () => {}, list: () => () => {} }

/** An answer that is printed. */
export interface PrintedAnswer extends Answer {
  hear(diagnostics: readonly Diagnostic[]): void
  /** Prints what is not printed yet. */
  end(exitCode: number): void
}

/** Begins the answer of a command. It is one object whatever happens, with what was wrong and the exit code at its end. */
export const printedAnswer = (output: Output, command: string): PrintedAnswer => {
  const given: Record<string, unknown> = {}
  const heard: Diagnostic[] = []
  let text = `{\n  "command": ${JSON.stringify(command)}`
  let listed = 0
  let open = false
  const flush = () => {
    output.write(text)
    text = ''
  }
  return {
    give: data => {
      Object.assign(given, data)
    },
    list: name => {
      text += `,\n  ${JSON.stringify(name)}: [`
      open = true
      return item => {
        text += `${listed++ > 0 ? ',' : ''}\n    ${JSON.stringify(item)}`
        flush()
      }
    },
    hear: diagnostics => {
      for (const diagnostic of diagnostics) heard.push(diagnostic)
    },
    end: exitCode => {
      if (open) text += listed > 0 ? '\n  ]' : ']'
      for (const [name, value] of Object.entries({ ...given, diagnostics: heard, exitCode }))
        text += `,\n  ${JSON.stringify(name)}: ${JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')}`
      text += '\n}\n'
      flush()
    },
  }
}
