// Builds dist: the library module by module, so that whoever bundles it takes only what he uses; the same in one piece
// with its packages, for Node, which opens 400 files otherwise; and the command, so that it starts quickly and brings
// its packages along. Templates and scripts are files of their own and become strings here.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const text = { '.mustache': 'text', '.sh': 'text', '.bash': 'text', '.zsh': 'text' }
const common = { bundle: true, format: 'esm', target: 'node20', loader: text, logLevel: 'warning' }

/** tweetnacl and yargs still ask for some of node's modules with require. */
const withRequire = {
  js: "import{createRequire as bundledRequire}from'node:module';const require=bundledRequire(import.meta.url);",
}

/** Modules stay modules; only texts move into the one that imports them. */
const modulesApart = {
  name: 'modules apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'entry-point' || Object.keys(text).some(ending => path.endsWith(ending))
        ? undefined
        : { path, external: true },
    ),
}

/**
 * Stands for `string-width`, by which yargs lays out --help, and which reads tables of Unicode each time a command
 * starts: our --help is printable ASCII, as a test holds.
 */
const asciiWidth = {
  name: 'ASCII width',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\bstring-width[\\/]index\.js$/ }, () => ({
      contents: 'export default text => text.length',
    })),
}

/** What the packages in the bundle ask to be passed on: their licenses. */
const notices = inputs => {
  const folders = new Set(
    Object.keys(inputs).flatMap(path => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  )
  const texts = [...folders].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
    const terms = file ? readFileSync(join(folder, file), 'utf8').trim() : `License: ${license}`
    return `${name} ${version}\n\n${terms}\n`
  })
  return `The files in this folder contain the following packages.\n\n${[...new Set(texts)].join(`\n${'-'.repeat(80)}\n\n`)}`
}

rmSync('dist', { recursive: true, force: true })

await build({
  ...common,
  entryPoints: readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter(path => /(?<!\.d)\.ts$/.test(path) && !path.startsWith('cli/'))
    .map(path => join('src', path)),
  outdir: 'dist',
  platform: 'neutral',
  plugins: [modulesApart],
})

const inOnePiece = await build({
  ...common,
  entryPoints: ['src/index.ts', 'src/node.ts'],
  outdir: 'dist/one-piece',
  platform: 'node',
  splitting: true,
  metafile: true,
  banner: withRequire,
})
writeFileSync('dist/one-piece/THIRD-PARTY-NOTICES.txt', notices(inOnePiece.metafile.inputs))

const { metafile } = await build({
  ...common,
  entryPoints: ['src/cli/main.ts'],
  plugins: [asciiWidth],
  outdir: 'dist/bin',
  platform: 'node',
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  banner: withRequire,
})
writeFileSync('dist/bin/THIRD-PARTY-NOTICES.txt', notices(metafile.inputs))

// The program of the page that `ciab-gen page` writes: for browsers, in one piece, since the page may load nothing.
const page = await build({
  ...common,
  entryPoints: { program: 'src/cli/page/main.ts' },
  outdir: 'dist/page',
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  metafile: true,
})
writeFileSync('dist/page/notices.txt', notices(page.metafile.inputs))
