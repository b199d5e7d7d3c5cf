// Builds the page for browsers: `node web/build.ts FOLDER`. Vite bundles, and each file that compresses gets its .br and
// .gz beside it, so that the server only picks one. Runs as a process of its own: Vite stays out of the server's memory.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node web/build.ts FOLDER')

await build({
  root: fileURLToPath(new URL('.', import.meta.url)),
  configFile: false,
  logLevel: 'warn',
  // Relative, so that the page also works behind a proxy that serves it below a path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: folder,
    emptyOutDir: true,
    // The hash in a name is what lets browsers keep it for ever; the page itself is asked for each time.
    assetsDir: 'page',
    // Nothing is inlined as data: or as script: the Content-Security-Policy takes neither.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // light-dark(), :has(), dialog, popover: what is older gets a page it cannot use either way.
    target: ['chrome123', 'firefox121', 'safari17.5'],
    reportCompressedSize: false,
  },
})

for (const name of globSync('**/*.{html,js,css,svg,json,webmanifest}', { cwd: folder })) {
  const path = join(folder, name)
  const bytes = readFileSync(path)
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
}
