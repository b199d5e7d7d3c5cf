// Makes docs/reference/sdk.md from the library's declarations and docstrings: `node test/sdk/reference.ts` writes it, and
// reference.test.ts fails where it is not what would be written.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, run } from '../support/program.ts'

export const referenceFile = join(root, 'docs/reference/sdk.md')

/** Sections: a heading, and which declarations of which file stand under it. */
const sections: readonly (readonly [heading: string, file: string, ...names: string[]])[] = [
  ['Signing in', 'sdk', 'signIn', 'register', 'resume', 'Server', 'Credentials'],
  ['A session', 'me', 'Me', 'Reading', 'Sending'],
  ['What every call accepts', 'http', 'Waiting'],
  ['What was sent', 'waiting', 'Stored'],
  ['What is read', 'feed', 'Feed', 'Message'],
  ['What a copy is told', 'reader', 'Update'],
  ['`me.conversations`', 'conversations', 'Conversations'],
  ['`me.rooms`', 'rooms', 'Rooms'],
  ['`me.people`', 'people', 'People', 'PeoplePage', 'Presence', 'NewInvite', 'Invite'],
  ['`me.own`', 'account', 'AccountVerbs'],
  ['Events', 'events', 'Events', 'State', 'Gap'],
  ['Errors', 'errors', 'Refused', 'NoAnswer', 'ForeignAnswer', 'Withdrawn', 'Closed'],
  ['The platform', 'platform', 'Platform'],
]

const opening = `# The client library

\`import { signIn } from 'hullo'\`, in Node and in browsers. [A bot, and other programs](../guides/bot.md) shows how it is
used; the shapes on the wire (\`EntryView\`, \`ConversationView\`, ...) are in
[src/protocol/v1.ts](../../src/protocol/v1.ts), and exported too. This page is made from the docstrings:
\`npx node test/sdk/reference.ts\`.
`

/** The page as it is to be. */
export async function makeReference(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hullo-reference-'))
  try {
    await declare(folder)
    const parts = sections.map(([heading, file, ...names]) => {
      const declarations = declarationsIn(readFileSync(join(folder, 'sdk', `${file}.d.ts`), 'utf8'))
      return `## ${heading}\n\n${names.map(name => block(declarations, name)).join('\n\n')}\n`
    })
    return [opening, ...parts].join('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function declare(folder: string): Promise<void> {
  const config = join(folder, 'tsconfig.json')
  const compilerOptions = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: folder }
  const places = { rootDir: join(root, 'src'), typeRoots: [join(root, 'node_modules/@types')] }
  const files = [join(root, 'src/sdk/sdk.ts')]
  const extended = join(root, 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({ extends: extended, compilerOptions: { ...compilerOptions, ...places }, files, include: [] }),
  )
  const { code, stdout } = await run(join(root, 'node_modules/.bin/tsc'), ['-p', config])
  if (code !== 0) throw new Error(stdout)
}

/** Top-level declarations by name, each with its docstring. */
function declarationsIn(text: string): Map<string, string> {
  const found = new Map<string, string>()
  let lines: string[] = []
  for (const line of text.split('\n')) {
    lines.push(line)
    if (!/^(\}|[^\s/*].*;$)/.test(line)) continue
    const declaration = lines.join('\n')
    const [, name] = /^export (?:declare )?(?:function|class|interface|type|const) (\w+)/m.exec(declaration) ?? []
    if (name !== undefined) found.set(name, declaration)
    lines = []
  }
  return found
}

function block(declarations: Map<string, string>, name: string): string {
  const declaration = declarations.get(name)
  if (declaration === undefined) throw new Error(`${name} is not declared`)
  const shown = declaration
    .replace(/^export (declare )?/m, '')
    .replace(/^ +(#private|constructor\(.*\));\n/gm, '')
    .replace(/^ +\/\*\* Made by .* \*\/\n/m, '')
    .replace(/^( {4})+/gm, indent => ' '.repeat(indent.length / 2))
    .replace(/;$/gm, '')
  return `\`\`\`ts\n${shown.trim()}\n\`\`\``
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(referenceFile, await makeReference())
