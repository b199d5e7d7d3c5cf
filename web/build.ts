// Builds the page for browsers: `node web/build.ts FOLDER`. Vite bundles; the worker gets the list of what came out, and
// its digest for a version; each file that compresses gets its .br and .gz beside it, so that the server only picks
// one. Runs as a process of its own: Vite stays out of the server's memory.
import { createHash } from 'node:crypto'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build, type InlineConfig } from 'vite'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node web/build.ts FOLDER')

const here = fileURLToPath(new URL('.', import.meta.url))
// What is older (light-dark(), :has(), dialog, popover) gets a page it cannot use either way.
const target = ['chrome123', 'firefox121', 'safari17.5']
const common: InlineConfig = { root: here, configFile: false, logLevel: 'warn' }

await build({
  ...common,
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
    target,
    reportCompressedSize: false,
  },
})

const files = globSync('**/*.*', { cwd: folder })
  .map(name => name.replaceAll('\\', '/'))
  .toSorted()
const version = createHash('sha256')
for (const name of files) version.update(`${name}\0`).update(readFileSync(join(folder, name)))
await build({
  ...common,
  publicDir: false,
  define: {
    pageFiles: JSON.stringify(files.filter(name => name !== 'index.html')),
    pageVersion: JSON.stringify(version.digest('hex').slice(0, 16)),
  },
  build: {
    outDir: folder,
    emptyOutDir: false,
    target,
    reportCompressedSize: false,
    // Its name stays: that is how browsers notice that there is a new one.
    lib: { entry: join(here, 'worker/service-worker.ts'), formats: ['es'], fileName: () => 'service-worker.js' },
  },
})

for (const name of globSync('**/*.{html,js,css,svg,json,webmanifest}', { cwd: folder })) {
  const path = join(folder, name)
  const bytes = readFileSync(path)
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
}
