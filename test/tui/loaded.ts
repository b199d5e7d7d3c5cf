// Given to a process with `--import`: says of each module of the terminal's screen that it is loaded.
import { registerHooks } from 'node:module'

registerHooks({
  load(url, context, next) {
    if (/\/node_modules\/(ink|react|react-reconciler|yoga-layout)\//.test(url)) process.stdout.write(`loaded ${url}\n`)
    return next(url, context)
  },
})
