// Builds dist: the library module by module, so that whoever bundles it takes only what he uses; the same in one piece
// with its packages, for Node, which opens 400 files otherwise; and the command, so that it starts quickly and brings
// its packages along: as CommonJS, which Node starts in half the time. Templates and scripts are files of their own and
// become strings here.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transform } from 'esbuild'

const text = { '.mustache': 'text', '.sh': 'text', '.bash': 'text', '.zsh': 'text' }
const common = { bundle: true, format: 'esm', target: 'node20', loader: text, logLevel: 'warning' }

/**
 * What starts rather than runs for long: V8 passes over the body of a function until it is called, but reads that of an
 * arrow in a module twice.
 */
const startsQuickly = { supported: { arrow: false } }

/** tweetnacl asks for some of node's modules with require. */
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
  ...startsQuickly,
  entryPoints: ['src/index.ts', 'src/node.ts'],
  outdir: 'dist/one-piece',
  platform: 'node',
  splitting: true,
  metafile: true,
  banner: withRequire,
})
writeFileSync('dist/one-piece/THIRD-PARTY-NOTICES.txt', notices(inOnePiece.metafile.inputs))

const { metafile, outputFiles } = await build({
  ...common,
  entryPoints: ['src/cli/main.ts'],
  plugins: [asciiWidth],
  outdir: 'dist/bin',
  outExtension: { '.js': '.cjs' },
  platform: 'node',
  splitting: true,
  metafile: true,
  write: false,
})
// Only modules are split, into what is loaded at once and what is when it is needed; then each piece becomes CommonJS.
const ownUrl = 'const ownUrl=require("node:url").pathToFileURL(__filename).href;'
mkdirSync('dist/bin')
for (const { path, text: piece } of outputFiles) {
  const { code } = await transform(piece, {
    ...startsQuickly,
    format: 'cjs',
    platform: 'node',
    target: common.target,
    define: { 'import.meta.url': 'ownUrl' },
    minifySyntax: true,
    minifyWhitespace: true,
  })
  // Another piece of ours by require as well; `import` stays for modules of others.
  const required = code.replace(
    /\bimport\(("\.\/[\w-]+\.cjs")\)/g,
    'Promise.resolve().then(function(){return require($1)})',
  )
  writeFileSync(path, required.includes('ownUrl') ? ownUrl + required : required)
}
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
