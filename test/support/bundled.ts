import { build } from 'esbuild'

/** Bytes of a program, bundled for a browser by whoever finds its packages from a directory. */
export const bundled = async (code: string, resolveDir: string): Promise<number> => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  })
  return outputFiles[0]?.contents.length ?? 0
}
