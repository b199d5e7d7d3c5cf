// The reader itself: a tutorial that says something wrong has to fail, whatever is wrong with it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startReading } from './reader.ts'

const reader = await startReading()
after(() => reader[Symbol.asyncDispose]())

const work = (...lines: readonly string[]) => reader.work({ name: 'x.md', markdown: lines.join('\n') })
const file = (name: string, ...lines: readonly string[]) => [`\`\`\`json file=my/${name}.json`, ...lines, '```']

test('what a chapter writes and types is really there, on other ports', async () => {
  await work(...file('a', '[5000]'), '```console', '$ cat my/a.json', '[5000]', '```')
  await work('```console', '$ grep -c "50*0" my/a.json || echo another port', '0', 'another port', '```')
})

test('output that differs, is missing, or is too much fails with both texts', async () => {
  await assert.rejects(
    work('```console', '$ echo one', 'two', '```'),
    /x\.md:1: "echo one" was to show\ntwo\n[^]*\none/,
  )
  await assert.rejects(work('```console', '$ true', 'two', '```'), /was to show/)
  await assert.rejects(work('```console', '$ echo one; echo two', 'one', '```'), /was to show/)
  await assert.rejects(work('```console', '$ echo one', '$ true', '```'), /"echo one" was to show/)
})

test('an exit code that is not expected fails, also of a command in the middle', async () => {
  await assert.rejects(work('```console', '$ exit 3', '```'), /"exit 3" ended with 3, not 0/)
  await assert.rejects(work('```console exit=1', '$ exit 3', '$ exit 1', '```'), /"exit 3" ended with 3, not 0/)
  await assert.rejects(work('```console exit=2', '$ true', '```'), /ended with 0, not 2/)
  await work('```console exit=2', '$ exit 2', '```')
})

test('Ctrl-C reaches the program, and keys that are typed', async () => {
  await work('```console stays', '$ echo up; read line; echo "$line"', 'up', '```', '```console goes-on', '^C', '```')
  await work('```console', '$ printf "name: "; read line; echo "hello $line"', 'name: bob⏎', 'hello bob', '```')
})

test('a program that is left running fails, and is stopped', async () => {
  const staying = ['```console stays', '$ echo $$ > my/pid; echo up; exec sleep 60', 'up', '```']
  await assert.rejects(work(...staying), /x\.md ends while a program runs in terminal 1/)
  await assert.rejects(work(...staying, '```console', '$ true', '```'), /still runs in this terminal/)
  await work('```console exit=1', '$ kill -0 $(cat my/pid) 2>/dev/null', '```')
})

test('a program that does not end, or does not show what comes next, fails', async () => {
  await using impatient = await startReading(300)
  const soon = (...lines: readonly string[]) => impatient.work({ name: 'x.md', markdown: lines.join('\n') })
  await assert.rejects(soon('```console', '$ echo up; exec sleep 60', 'up', '```'), /was to end, and showed\nup/)
  await assert.rejects(soon('```console stays', '$ echo down; exec sleep 60', 'up', '```'), /but showed\ndown/)
})

test('going on where nothing runs fails', async () => {
  await assert.rejects(work('```console goes-on', 'up', '```'), /no program runs in this terminal/)
})

test('a program that ends although it is to stay fails', async () => {
  const ended = ['```console stays', '$ echo up', 'up', '```']
  await assert.rejects(work(...ended, '```console goes-on', 'more', '```'), /was to show/)
  await assert.rejects(work(...ended), /ends while a program runs/)
})

test('a file cannot be written twice', async () => {
  await work(...file('twice'))
  await assert.rejects(work(...file('twice')), /EEXIST/)
})
