// What the processor gives: argon2id with Hullo's parameters, so many at a time, by the core's own code.
import { randomBytes } from 'node:crypto'
import { Passwords } from '../../src/core/people/passwords.ts'
import { coresUsed, pause, serveLoad } from './process.ts'

const passwords = new Passwords(randomBytes)

serveLoad({ saturate })

async function saturate({ ms, atOnce }: { ms: number; atOnce: number }): Promise<Record<string, number>> {
  const cpu = process.cpuUsage()
  const beganMs = performance.now()
  const over = new AbortController()
  let done = 0
  const lane = async () => {
    while (!over.signal.aborted) {
      const hash = await passwords.hash('a good password')
      if (typeof hash !== 'string') throw hash
      if (!over.signal.aborted) done += 1
    }
  }
  const lanes = Array.from({ length: atOnce }, lane)
  await pause(ms)
  over.abort()
  const elapsedMs = performance.now() - beganMs
  await Promise.all(lanes)
  return { signInsPerSecond: (done * 1_000) / elapsedMs, loadCores: coresUsed(cpu, performance.now() - beganMs) }
}
