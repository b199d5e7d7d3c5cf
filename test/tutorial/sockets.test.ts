// The first part of the tutorial, as a reader works through it: every program and every command, chapters 1 to 5.
import { after, test } from 'node:test'
import { missing } from '../support/debian.ts'
import { chapters, startReading } from './reader.ts'

const skip = missing('nc', 'curl', 'python3')
const reader = await startReading()
after(() => reader[Symbol.asyncDispose]())

for (const chapter of (await chapters()).filter(({ name }) => name < '06' || name === 'README.md')) {
  test(`${chapter.name}: every program and command does what it says`, { skip }, () => reader.work(chapter))
}
