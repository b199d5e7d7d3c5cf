// The second part of the tutorial: every program and every command of chapters 6 to 10, by a reader who has written down
// the programs of the first part.
import { after, before, test } from 'node:test'
import { missing } from '../support/debian.ts'
import { chapters, startReading } from './reader.ts'

const skip = missing('nc', 'curl', 'python3')
const reader = await startReading()
after(() => reader[Symbol.asyncDispose]())

const all = await chapters()
const isSecond = (name: string): boolean => name >= '06' && name !== 'README.md'

before(async () => {
  for (const chapter of all.filter(({ name }) => !isSecond(name))) await reader.copyPrograms(chapter)
})

for (const chapter of all.filter(({ name }) => isSecond(name))) {
  test(`${chapter.name}: every program and command does what it says`, { skip }, () => reader.work(chapter))
}
