#!/usr/bin/env node
// The command `hullo`, on whatever Node is installed: see pinned-node.js.
import { handOver } from './pinned-node.js'

await handOver('src/main.ts', process.argv.slice(2))
