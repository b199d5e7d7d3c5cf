// The limit of the disk: the bytes of so many messages written to a file that is as long as it will be, then fdatasync,
// one after the other. Overwriting is what a database does with its write-ahead log once that has been through.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { latencies } from '../stats.ts'
import { serveLoad } from './process.ts'
import { textOf } from './texts.ts'

/** As long as SQLite lets its log grow before it begins again. */
const fileBytes = 4 * 1_048_576

let descriptor: number | undefined

serveLoad({ setUp, saturate })

function setUp({ file }: { file: string }): void {
  if (descriptor !== undefined) closeSync(descriptor)
  descriptor = openSync(file, 'w')
  writeSync(descriptor, Buffer.alloc(fileBytes), 0, fileBytes, 0)
  fdatasyncSync(descriptor)
}

function saturate({ ms, messages }: { ms: number; messages: number }): Record<string, number> {
  if (descriptor === undefined) throw new Error('not set up')
  const bytes = Buffer.from(Array.from({ length: messages }, (_, number) => textOf(0, number)).join('\n'))
  const times: number[] = []
  const beganMs = performance.now()
  let at = 0
  for (let nowMs = beganMs; nowMs < beganMs + ms; ) {
    writeSync(descriptor, bytes, 0, bytes.length, at)
    fdatasyncSync(descriptor)
    at = at + 2 * bytes.length > fileBytes ? 0 : at + bytes.length
    const doneMs = performance.now()
    times.push(doneMs - nowMs)
    nowMs = doneMs
  }
  const syncsPerSecond = (times.length * 1_000) / (performance.now() - beganMs)
  return { syncsPerSecond, perSecond: syncsPerSecond * messages, ...latencies(Float64Array.from(times)) }
}
