#!/usr/bin/env node
// `npm test`, on whatever Node is installed: see pinned-node.js.
import { handOver } from './pinned-node.js'

await handOver('test/run.ts', process.argv.slice(2))
