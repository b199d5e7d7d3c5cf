// What a person reads stands in one place: src/protocol/texts. Everywhere else, a string that reads like words is looked
// at here, and fails unless it is on the list of what is no text of ours, with the reason beside it.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSync, Visitor } from 'oxc-parser'
import { root } from '../support/program.ts'

const catalogue = 'src/protocol/texts/'

/** Files and folders whose words are no texts of Hullo's, and why. */
const others: Readonly<Record<string, string>> = {
  'src/check/': 'the report is a document about a lab; its words stand beside what they require',
  'src/lab/': 'the console lines and answers of the labs, word for word as the labs have them',
  'src/tcp/': 'the kit of the sockets lab stands alone: its errors are read by who programs with it',
  'src/store/': 'SQL; and what CannotOpen says, which is the store’s own contract',
  'src/http/v1/document/openapi.ts': 'the description of the API, a document for programmers, as docs/ are',
  'src/cli/completion-scripts.ts': 'programs for shells; the words in them come from the help',
  'src/http/v1/room-routes.ts': 'rows of that description; what it refuses is a Sentence by its type',
}

/** Single strings that read like words, and what they are. */
const names: Readonly<Record<string, string>> = {
  'Application Support': 'a folder of macOS',
  'Authorization, Content-Type, Last-Event-ID': 'a list of headers',
  'Accept, Accept-Encoding': 'a list of headers',
  'noopener noreferrer nofollow': 'what a link is to its page',
  'trusted-types hullo': 'a part of the Content-Security-Policy',
  'Mac OS': 'a system, as browsers name it',
  'no route': 'a value in the log of requests',
  'the operator': 'who is counted by a limit',
  'nothing checked': 'a result in the report of a check',
}

interface Node {
  readonly type: string
  readonly start: number
}

interface Found {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** Two words in a row, or one that ends as a sentence does. */
const reads = /\p{L}{2,}[,;:.!?)]? \(?\p{L}{2,}|^\p{Lu}\p{L}+[.!?]$/u

/** Types of media, headers and their parts, cookies, the name of the program before what it says, conditions of media. */
const noWords = /^(text|application)\/|^[\w-]+: [\w-]|max-age=|; Path=\/|^hullo( \w+)?: …\n$|^\([a-z-]+: [a-z]+\)$/

/** Classes of the page's style: `bubble bubble-own`. */
const classes = /^[a-z]+(-[a-z…]+)*( [a-z]+-[a-z…-]+)+$/

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function wordsIn(file: string): Found[] {
  return findWords(file, read(file))
}

function findWords(file: string, text: string): Found[] {
  const found: Found[] = []
  const passed = new Set<number>()
  const see = (value: string, { start }: Node) => {
    if (
      passed.has(start) ||
      !reads.test(value) ||
      noWords.test(value) ||
      classes.test(value) ||
      Object.hasOwn(names, value)
    )
      return
    found.push({ file, line: text.slice(0, start).split('\n').length, text: value })
  }
  const { program, errors } = parseSync(file, text)
  assert.deepEqual(errors, [], file)
  new Visitor({
    NewExpression: ({ callee, arguments: given }) => {
      // What is thrown as a plain Error is a bug, for those who mend it; in commands it may be for people.
      if (callee.type === 'Identifier' && callee.name === 'Error' && !/^src\/(cli|terminal|tui)\//.test(file)) {
        for (const { start } of given) passed.add(start)
      }
    },
    CallExpression: ({ callee, arguments: given }) => {
      // A line of the operator's log, found by searching for it.
      if (callee.type === 'MemberExpression' && /(^|\.)log\.\w+$/.test(text.slice(callee.start, callee.end))) {
        for (const { start } of given) passed.add(start)
      }
    },
    Property: ({ key, value }) => {
      // The words of a schema or a route go into the description of the API.
      if (file.startsWith('src/http/v1/') && key.type === 'Identifier' && /^(description|summary)$/.test(key.name)) {
        pass(value)
      }
    },
    Literal: node => {
      if (typeof node.value === 'string') see(node.value, node)
    },
    TemplateLiteral: node => see(node.quasis.map(({ value }) => value.cooked ?? value.raw).join('…'), node),
    JSXText: node => see(node.value.trim(), node),
  }).visit(program)
  return found

  function pass(node: Node & { readonly left?: Node; readonly right?: Node }): void {
    passed.add(node.start)
    if (node.left !== undefined) pass(node.left)
    if (node.right !== undefined) pass(node.right)
  }
}

const files = globSync(['src/**/*.{ts,tsx}', 'web/**/*.{ts,tsx}'], { cwd: root })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => !/\.test\.tsx?$/.test(file))

function isOf(file: string, list: readonly string[]): boolean {
  return list.some(one => file === one || (one.endsWith('/') && file.startsWith(one)))
}

test('sentences are written in the catalogue and nowhere else', () => {
  const looked = files.filter(file => !isOf(file, [catalogue, ...Object.keys(others)]))
  assert.ok(looked.length > 50)
  const strays = looked.flatMap(wordsIn).map(({ file, line, text }) => `${file}:${line}: ${text}`)
  assert.ok(
    strays.length === 0,
    `these belong into ${catalogue}, or on a list above with the reason:\n${strays.join('\n')}`,
  )
})

test('a sentence that is written elsewhere is found, wherever it stands', () => {
  const texts = (file: string, code: string) => findWords(file, code).map(({ text }) => text)
  assert.deepEqual(texts('src/cli/x.ts', "process.stdout.write('It is done.\\n')"), ['It is done.\n'])
  assert.deepEqual(texts('src/cli/x.ts', 'throw new Error(`Port ${port} is taken`)'), ['Port … is taken'])
  assert.deepEqual(texts('src/cli/x.ts', "new Option('--port <number>', 'which port')"), ['which port'])
  assert.deepEqual(texts('web/x.tsx', '<p title="Go there">Nobody is here.</p>'), ['Go there', 'Nobody is here.'])
  assert.deepEqual(texts('src/tui/x.ts', "const label = 'Sent.'"), ['Sent.'])
  assert.deepEqual(texts('src/core/x.ts', "throw new Error('a row is not there')"), [])
  assert.deepEqual(texts('src/http/x.ts', "log.error({ reason }, 'a batch was not stored')"), [])
  assert.deepEqual(texts('src/http/x.ts', "reply.type('text/plain; charset=utf-8')"), [])
})

test('only the catalogue makes sentences', () => {
  const makers = files.filter(file => !file.startsWith(catalogue) && /\bas Sentence\b/.test(read(file)))
  assert.deepEqual(makers, [])
})

test('no exception outlives its reason', () => {
  for (const one of Object.keys(others)) {
    const looked = files.filter(file => isOf(file, [one]))
    assert.ok(looked.length > 0, `${one} is not there any more`)
    assert.ok(
      looked.some(file => wordsIn(file).length > 0),
      `${one} holds no words any more`,
    )
  }
  const everything = files.map(read).join('\n')
  for (const name of Object.keys(names)) assert.ok(everything.includes(name), `nobody says ${name} any more`)
})
