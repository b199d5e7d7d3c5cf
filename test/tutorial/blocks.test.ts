// How chapters are taken apart: nothing that a reader would write or type is overlooked, and nothing is guessed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf } from './blocks.ts'
import { chapters } from './reader.ts'

const chapter = (...lines: readonly string[]) => blocksOf('x.md', lines.join('\n'))

test('a program has its file and its text', () => {
  assert.deepEqual(chapter('Text', '```ts file=my/a.ts', 'f()', '', 'g()', '```'), [
    { kind: 'program', at: 'x.md:2', file: 'my/a.ts', text: 'f()\n\ng()\n' },
  ])
})

test('a console has commands, each with what it prints', () => {
  const [block] = chapter('```console in=2 exit=3', '$ one', 'a', '', 'b', '$ two', '```')
  assert.deepEqual(block, {
    kind: 'console',
    at: 'x.md:1',
    terminal: 2,
    goesOn: false,
    stays: false,
    exit: 3,
    runs: [
      { command: 'one', output: ['a', '', 'b'] },
      { command: 'two', output: [] },
    ],
  })
})

test('a console that goes on begins with what its program prints', () => {
  const [block] = chapter('```console goes-on stays', 'more', '```')
  assert.ok(block?.kind === 'console' && block.goesOn && block.stays)
  assert.deepEqual(block.runs, [{ command: undefined, output: ['more'] }])
})

test('what is folded away is a block like any other', () => {
  assert.equal(chapter('<details>', '', '```python file=my/a.py', '```', '', '</details>').length, 1)
})

test('what is not known fails, and says where', () => {
  const refused: readonly (readonly [RegExp, ...string[]])[] = [
    [/x\.md:1: unknown kind of block "bash"/, '```bash', 'ls', '```'],
    [/unknown kind of block ""/, '```', 'ls', '```'],
    [/unknown kind of block "js"/, '~~~js', '~~~'],
    [/needs file=my\/NAME\.ts/, '```ts', 'f()', '```'],
    [/needs file=my\/NAME\.ts/, '```ts file=src/main.ts', '```'],
    [/needs file=my\/NAME\.ts/, '```ts file=my/../src/main.ts', '```'],
    [/needs file=my\/NAME\.py/, '```python file=my/a.ts', '```'],
    [/needs file=my\/NAME\.ts and nothing else/, '```ts file=my/a.ts skip', '```'],
    [/unknown word "skip"/, '```console skip', '$ ls', '```'],
    [/unknown word "stay"/, '```console stay', '$ ls', '```'],
    [/a command that stays has no exit code/, '```console stays exit=1', '$ ls', '```'],
    [/the first line begins with "\$ "/, '```console', 'ls', '```'],
    [/nothing to run/, '```console', '```'],
    [/x\.md:2: a block begins at the margin/, '- a list', '  ```console', '  $ ls', '  ```'],
    [/an indented line reads as a block/, '    $ ls'],
    [/x\.md:1: the block does not end/, '```console', '$ ls'],
  ]
  for (const [message, ...lines] of refused) assert.throws(() => chapter(...lines), message)
})

test('every fence of the tutorial is a block', async () => {
  for (const { name, markdown } of await chapters()) {
    const fences = markdown.match(/^\s*(```|~~~)/gm) ?? []
    assert.equal(blocksOf(name, markdown).length, fences.length / 2, name)
    assert.ok(fences.length > 0, `${name} has no program and no command`)
  }
})
