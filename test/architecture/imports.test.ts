// The layout is a promise: imports point down one list, transports do not know one another, and the core knows no
// socket, no HTTP and no SQL. This test is where the promise is kept.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { root } from '../support/program.ts'

/** What a folder of src/ may import: other folders or single files of src/, and packages or Node's modules by pattern. */
interface Rule {
  readonly own: readonly string[]
  readonly packages: RegExp
}

const may: Readonly<Record<string, Rule>> = {
  protocol: { own: [], packages: /^$/ },
  tcp: { own: [], packages: /^node:(net|util|stream|events|timers.*|string_decoder|buffer)$/ },
  // crypto: the digests by which 0.4 told repeated sends of a message that it edited.
  store: {
    own: ['protocol'],
    packages: /^(better-sqlite3|node:(crypto|fs|path|worker_threads|events|timers\/promises))$/,
  },
  bus: { own: ['protocol', 'store/store.ts'], packages: /^node:events$/ },
  sdk: { own: ['protocol'], packages: /^eventsource-parser(\/\w+)?$/ },
  core: { own: ['protocol', 'store/store.ts', 'bus/bus.ts'], packages: /^node:crypto$/ },
  net: {
    own: ['core/kit', 'protocol'],
    packages: /^node:(http|net|os|stream)$/,
  },
  http: {
    own: ['core', 'net', 'protocol', 'store/store.ts'],
    packages: /^(fastify|@fastify\/[\w-]+|typebox(\/\w+)?|ws|pino|node:(http|net|os|stream|buffer|events))$/,
  },
  check: { own: ['protocol'], packages: /^node:/ },
  lab: { own: ['core', 'store', 'bus', 'protocol'], packages: /^(node:.*|better-sqlite3|fastify)$/ },
  // What the commands and the terminal chat share.
  terminal: { own: ['sdk', 'protocol', 'lab/client-address.ts'], packages: /^node:/ },
  tui: {
    own: ['terminal', 'sdk', 'protocol'],
    packages: /^(ink|react|string-width|node:(crypto|readline|timers\/promises|tty))$/,
  },
  // The roof: with lab/ the only place that names an engine.
  server: {
    own: ['http', 'net', 'core', 'store', 'bus', 'terminal/reason.ts', 'protocol'],
    packages: /^(commander|pino|node:.*)$/,
  },
  cli: {
    own: [
      'server',
      'tui',
      'terminal',
      'lab',
      'sdk',
      'check',
      'core',
      'store/store.ts',
      'store/sqlite/lock.ts',
      'tcp',
      'protocol',
    ],
    packages: /^(commander|pino|node:.*)$/,
  },
  'main.ts': {
    own: ['cli', 'server/compile-cache.ts', 'server/package.ts', 'protocol'],
    packages: /^(commander|node:fs)$/,
  },
}

const files = globSync('src/**/*.ts', { cwd: root }).filter(file => !file.endsWith('.test.ts'))

/** The page knows the client library and the shapes on the wire, as any client does. Its build runs on Node. */
const page: Rule = { own: ['sdk', 'protocol'], packages: /^(preact(\/\w+)?|@preact\/signals|lean-qr)$/ }

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [
    ...text.matchAll(/^(?:import|export)\b[^'"`;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm),
  ].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')
}

function folderOf(file: string): string {
  return file.split('/')[1] ?? ''
}

test('every folder of src/ has its rule, and every rule its folder', () => {
  assert.deepEqual([...new Set(files.map(folderOf))].toSorted(), Object.keys(may).toSorted())
})

for (const [folder, rule] of Object.entries(may)) {
  test(`${folder} imports only what its place allows`, () => {
    const strays = files
      .filter(file => folderOf(file) === folder)
      .flatMap(file => importsOf(file).map(specifier => ({ file, specifier })))
      .filter(({ file, specifier }) => !isAllowed(rule, file, specifier))
    assert.deepEqual(strays, [])
  })
}

test('the page for browsers imports the client library, the shapes on the wire, Preact, and itself', () => {
  const own = globSync('web/**/*.{ts,tsx}', { cwd: root }).filter(file => normalize(file) !== normalize('web/build.ts'))
  assert.ok(own.length > 10)
  const strays = own
    .flatMap(file => importsOf(file).map(specifier => ({ file, specifier })))
    .filter(({ file, specifier }) => {
      const target = normalize(join(dirname(file), specifier))
      return !(specifier.startsWith('.') && target.startsWith('web/')) && !isAllowed(page, file, specifier)
    })
  assert.deepEqual(strays, [])
})

test('the model of the page knows no view', () => {
  const model = globSync('web/model/*.ts', { cwd: root })
  const own = /^(@preact\/signals|\.\/[\w-]+\.ts|\.\.\/\.\.\/src\/.+)$/
  assert.ok(model.length > 5)
  for (const file of model) {
    for (const specifier of importsOf(file)) assert.match(specifier, own, file)
  }
})

function isAllowed(rule: Rule, file: string, specifier: string): boolean {
  if (!specifier.startsWith('.')) return rule.packages.test(specifier)
  const target = normalize(join(dirname(file), specifier))
  // The commands of the labs' programs run those programs themselves.
  if (folderOf(file) === 'cli' && target.startsWith('labs/')) return true
  if (folderOf(target) === folderOf(file)) return true
  return rule.own.some(own => target === `src/${own}` || target.startsWith(`src/${own}/`))
}

test('only main.ts may end the process, and what does so for a signal or for output that nobody reads', () => {
  for (const file of files) {
    if (['src/main.ts', 'src/cli/launcher.ts', 'src/terminal/stalled-output.ts'].includes(file)) continue
    assert.doesNotMatch(readFileSync(join(root, file), 'utf8'), /process\.exit\(/, file)
  }
})

/** Folders within one of the rows above, and what else of src/ they may import. */
const within: Readonly<Record<string, readonly string[]>> = {
  'core/kit': ['protocol', 'store/store.ts'],
  'http/app': ['core', 'net', 'protocol', 'store/store.ts'],
  'http/lab': ['http/app', 'core', 'net', 'protocol', 'store/store.ts'],
  'http/page': ['http/app', 'core', 'net', 'protocol', 'store/store.ts'],
  'http/v1': ['http/app', 'core', 'net', 'protocol', 'store/store.ts'],
}

for (const [folder, own] of Object.entries(within)) {
  test(`${folder} imports nothing of the folders beside it that it must not know`, () => {
    const mine = files.filter(file => file.startsWith(`src/${folder}/`))
    assert.ok(mine.length > 0)
    const strays = mine.flatMap(file =>
      importsOf(file)
        .filter(specifier => specifier.startsWith('.'))
        .map(specifier => normalize(join(dirname(file), specifier)))
        .filter(target => ![folder, ...own].some(one => target === `src/${one}` || target.startsWith(`src/${one}/`)))
        .map(target => `${file} -> ${target}`),
    )
    assert.deepEqual(strays, [])
  })
}

test('no files import each other in a circle, types included', () => {
  const all = globSync(['src/**/*.{ts,tsx}', 'web/**/*.{ts,tsx}', 'labs/*.ts'], { cwd: root })
  const graph = new Map(
    all.map(file => [
      file,
      importsOf(file)
        .filter(specifier => specifier.startsWith('.'))
        .map(specifier => normalize(join(dirname(file), specifier))),
    ]),
  )
  assert.deepEqual(circlesOf(graph), [])
})

/** The groups of files that reach each other (Tarjan's strongly connected components of more than one file). */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const visit = (file: string): number => {
    const at = order.size
    order.set(file, at)
    low.set(file, at)
    open.push(file)
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue
      const reached = order.has(next) ? (open.includes(next) ? (order.get(next) ?? at) : at) : visit(next)
      low.set(file, Math.min(low.get(file) ?? at, reached))
    }
    if (low.get(file) === at) {
      const circle = open.splice(open.indexOf(file))
      if (circle.length > 1) circles.push(circle.toSorted())
    }
    return low.get(file) ?? at
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return circles
}

/** Source files in one folder: more, and a newcomer no longer sees what belongs together. */
const folderFilesMax = 24

test(`no folder holds more than ${folderFilesMax} source files`, () => {
  const counts = new Map<string, number>()
  for (const file of globSync(['{src,web,labs,bin,bench}/**/*.{ts,tsx,js,css}'], { cwd: root })) {
    if (/\.test\.tsx?$|^src\/protocol\/texts\//.test(file)) continue
    counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  }
  assert.deepEqual(
    [...counts].filter(([, count]) => count > folderFilesMax),
    [],
  )
})

/** Lines of one file: beyond it, it has a second subject. */
const fileLinesMax = 350

test(`no source file has more than ${fileLinesMax} lines`, () => {
  const long = globSync(['{src,web,labs,bin,bench}/**/*.{ts,tsx,js,css}'], { cwd: root })
    .map(file => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > fileLinesMax)
  assert.deepEqual(long, [])
})
