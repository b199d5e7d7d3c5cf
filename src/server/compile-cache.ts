// The code of earlier starts, kept: without their types and compiled, the modules of a server load in half of the time
// and without the 20 MiB that Node's type stripper takes. It lies beside the packages, where only their owner writes (not
// in the system's temporary folder, where others could leave code for us). Where that cannot be written, nothing is kept.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../node_modules/.cache/hullo', import.meta.url))

/** From here on, in threads too; Node compares the sources, so that what was changed is compiled anew. */
export function keepCompiled(): void {
  // An operator's own setting stands.
  process.env['NODE_COMPILE_CACHE'] ??= folder
  enableCompileCache(process.env['NODE_COMPILE_CACHE'])
}

/** Writes what was compiled so far: a server that is killed leaves it too. */
export function writeCompiled(): void {
  flushCompileCache()
}
