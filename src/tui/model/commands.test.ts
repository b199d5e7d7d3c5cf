// The table of commands, what is written against it, and what Tab makes of its beginnings.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands, parseInput, usageOf } from './commands.ts'
import { completed, completionAt } from './complete.ts'
import { lineOf } from './line.ts'

function argsOf(text: string): readonly string[] {
  const parsed = parseInput(text)
  assert.equal(parsed.is, 'command', text)
  return parsed.is === 'command' ? parsed.args : []
}

test('a message is what does not begin with one /', () => {
  assert.deepEqual(parseInput('hello /join'), { is: 'message', text: 'hello /join' })
  assert.deepEqual(parseInput('//etc/hosts'), { is: 'message', text: '/etc/hosts' })
  assert.deepEqual(parseInput(' /join'), { is: 'message', text: ' /join' })
})

test('arguments are taken apart by the table: names in quotes, signs left off, the rest as it stands', () => {
  assert.deepEqual(argsOf('/msg @bob  hello   there\nyou'), ['bob', 'hello   there\nyou'])
  assert.deepEqual(argsOf('/msg "Carol Müller" hi'), ['Carol Müller', 'hi'])
  assert.deepEqual(argsOf('/msg @"Carol Müller" hi'), ['Carol Müller', 'hi'])
  assert.deepEqual(argsOf('/block Carol Müller'), ['Carol Müller'])
  assert.deepEqual(argsOf('/join #team'), ['team'])
  assert.deepEqual(argsOf('/JOIN'), [])
  assert.deepEqual(argsOf('/topic   a topic  '), ['a topic'])
  assert.deepEqual(argsOf('/open #team'), ['#team'])
})

test('what is missing or unknown is said', () => {
  for (const text of ['/msg', '/search ', '/invite', '/nonsense x', '/'])
    assert.equal(parseInput(text).is, 'trouble', text)
})

test('every command can be written as its own usage says, and is completed from its beginning', () => {
  for (const command of commands) {
    const written = usageOf(command).replace(/[[\]]/g, '').replace(' or #ROOM', '')
    const parsed = parseInput(written)
    assert.equal(parsed.is === 'command' && parsed.command.name, command.name)
    assert.match(command.summary, /^\p{Lu}.*\.$/u)
    const beginning = lineOf(`/${command.name.slice(0, 3)}`)
    const found = completionAt(beginning, { people: [], rooms: [] })
    assert.ok(found?.candidates.includes(command.name), command.name)
  }
})

const known = { people: ['alice', 'albert', 'Carol Müller', '李小龙'], rooms: ['team', 'tea'] }

function tabbed(text: string, presses = 1): string {
  let state: ReturnType<typeof completed> = { line: lineOf(text) }
  for (let press = 0; press < presses; press += 1) {
    const completion = state.completion ?? completionAt(state.line, known)
    if (completion === undefined) break
    state = completed(state.line, completion)
  }
  return state.line.text
}

test('Tab: the only one with a space, as far as all agree, then one after the other', () => {
  assert.equal(tabbed('/msg car'), '/msg "Carol Müller" ')
  assert.equal(tabbed('/msg "car'), '/msg "Carol Müller" ')
  assert.equal(tabbed('/msg a'), '/msg al')
  assert.equal(tabbed('/msg a', 2), '/msg alice')
  assert.equal(tabbed('/msg a', 3), '/msg albert')
  assert.equal(tabbed('/msg a', 4), '/msg alice')
  assert.equal(tabbed('/join te'), '/join #tea')
  assert.equal(tabbed('hello @李'), 'hello @李小龙 ')
  assert.equal(tabbed('hello alic'), 'hello alice ')
  assert.equal(tabbed('hello '), 'hello ')
  assert.equal(tabbed('/topic ask alic'), '/topic ask alice ')
  assert.equal(tabbed('/leave x'), '/leave x')
})
