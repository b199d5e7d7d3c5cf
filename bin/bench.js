#!/usr/bin/env node
// `npm run bench`, on whatever Node is installed: see pinned-node.js.
import { handOver } from './pinned-node.js'

await handOver('bench/main.ts', process.argv.slice(2))
