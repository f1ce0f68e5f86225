import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { codes, format } from '../../src/diagnostics/index.js'
import { generate, meshFolder } from '../../src/generate.js'
import { load } from '../../src/load.js'
import type { KeyRing } from '../../src/model/mesh.js'
import { publicKeyOf } from '../../src/net/index.js'
import { liesIn } from '../support/errors.js'
import { keyRingFor, privateKeyFor } from '../support/keys.js'

const root = fileURLToPath(new URL('../../fixtures/', import.meta.url))

/** Every mesh.ini of the fixtures, good and bad. */
export const corpus: readonly string[] = ['meshes', 'errors'].flatMap(kind =>
  readdirSync(`${root}${kind}`)
    .sort()
    .flatMap(name => {
      try {
        return [readFileSync(`${root}${kind}/${name}/mesh.ini`, 'utf8')]
      } catch {
        return []
      }
    }),
)

/** Keys for all nodes that the corpus names, their public halves ready: deriving one takes most of a run. */
const keyRing: KeyRing = (() => {
  const names = new Set(
    corpus.flatMap(text =>
      [...text.matchAll(/^\[node ([A-Za-z0-9-]+)\]/gm)].map(match => match[1] as string),
    ),
  )
  const privateKeys = new Map([...names].map(name => [name, privateKeyFor(name)]))
  const publicKeys = new Map([...privateKeys].map(([name, key]) => [name, publicKeyOf(key)]))
  return { privateKeys, publicKeys, presharedSeed: keyRingFor('').presharedSeed }
})()

const secrets = [...keyRing.privateKeys.values()].map(key => key.reveal())

/** What became of an input. */
export interface Verdict {
  readonly ok: boolean
  readonly codes: readonly string[]
}

/**
 * Sends the text through the product and throws where it breaks a promise: an answer and never an exception,
 * every place inside the file, no key and no control character on anybody's screen, no essay.
 */
export const judge = (text: string, file = 'mesh.ini'): Verdict => {
  const result = load({ file, text }, text.length % 3 === 0 ? 'hidden' : keyRing)
  const diagnostics = result.ok ? result.warnings : result.diagnostics
  const lines = text.split('\n')
  const promise = (kept: boolean, what: string): void => {
    if (!kept) throw new Error(`broken: ${what}`)
  }
  promise(result.ok || diagnostics.some(({ severity }) => severity === 'error'), 'a refusal says why')
  for (const diagnostic of diagnostics) {
    const { code, span, related } = diagnostic
    promise(Object.hasOwn(codes, code), `the code ${code} is known`)
    for (const place of [span, related?.span])
      promise(!place || liesIn(place, lines), `${JSON.stringify(place)} of ${code} lies in the file`)
    const said = format(diagnostic, { [file]: text })
    promise(!/[A-Za-z0-9+/]{43}=/.test(said), `no key in ${said}`)
    promise(!secrets.some(key => said.includes(key.slice(0, 43))), `no private key in ${said}`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    promise(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(said), `no control character in ${said}`)
    promise(said.length < 5000, `${said.length} characters about ${code}`)
  }
  if (result.ok && result.value.nodes.length < 20)
    for (const { node, files } of generate(result.value))
      for (const { path } of files)
        promise(
          (node === meshFolder
            ? /^(zones\/)?[A-Za-z0-9.-]+$/
            : /^etc(\/[A-Za-z0-9_-][A-Za-z0-9_.@-]*)+$/
          ).test(path),
          `${path} is a safe path`,
        )
  return { ok: result.ok, codes: diagnostics.map(({ code }) => code) }
}
