// The guides for scripts and for the chat say what the code does.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Command } from 'commander'
import { chatCommand } from '../../src/cli/commands/chat.ts'
import { completionCommand } from '../../src/cli/commands/completion.ts'
import { exitCodesHelp, exits } from '../../src/cli/exit-codes.ts'
import { inboxCommand } from '../../src/cli/commands/inbox.ts'
import { loginCommand, logoutCommand, whoamiCommand } from '../../src/cli/commands/login.ts'
import { inviteCommand, invitesCommand, resetPasswordCommand } from '../../src/cli/commands/operator.ts'
import { registerCommand } from '../../src/cli/commands/register.ts'
import { sendCommand } from '../../src/cli/commands/send.ts'
import { serveCommand } from '../../src/cli/commands/serve.ts'
import { watchCommand } from '../../src/cli/commands/watch.ts'
import { commands, usageOf } from '../../src/tui/model/commands.ts'
import { root, run, startScript } from '../support/program.ts'

const guide = readFileSync(join(root, 'docs/guides/scripts.md'), 'utf8')

test('the table of exit codes in the guide and the help are those of the code', () => {
  const rows = [...guide.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, means]) => [
    Number(code),
    means?.replaceAll('\\|', '|'),
  ])
  assert.deepEqual(
    rows,
    Object.values(exits).map(({ code, means }) => [code, means]),
  )
  for (const { code, means } of Object.values(exits)) assert.ok(exitCodesHelp().includes(`${code}`.padEnd(5) + means))
})

test('the help of each command that may end in several ways says how, and serve and the operator’s are among them', () => {
  for (const command of [
    ...forScripts,
    chatCommand(),
    serveCommand(),
    inviteCommand(),
    invitesCommand(),
    resetPasswordCommand(),
  ]) {
    let text = ''
    command.configureOutput({ writeOut: more => (text += more) }).outputHelp()
    const told = /\nExit codes:\n([^]+)/.exec(text)?.[1]?.trimEnd().split('\n') ?? []
    if (command.name() === 'completion') continue
    assert.ok(told.length >= 3, `${command.name()}: ${text}`)
    const all = new Set<string>(Object.values(exits).map(({ code, means }) => `  ${String(code).padEnd(3)}  ${means}`))
    assert.deepEqual(
      told.filter(line => !all.has(line)),
      [],
    )
  }
})

test('help that nobody reads to its end is no breakdown', async () => {
  await using program = startScript('bin/hullo.js', ['help'])
  program.child.stdout?.destroy()
  assert.deepEqual(await program.ended, { code: 141, signal: null })
  assert.equal(program.stderr(), '')
})

test('wrong usage of a command leads to its own help, another word to all of them', async () => {
  const wrong = await run(process.execPath, ['bin/hullo.js', 'send'])
  assert.deepEqual([wrong.code, wrong.stdout], [2, ''])
  assert.match(wrong.stderr, /\(hullo send --help shows how it is used\)\n$/)
  const unknown = await run(process.execPath, ['bin/hullo.js', 'sned'])
  assert.deepEqual([unknown.code, unknown.stdout], [2, ''])
  assert.match(unknown.stderr, /Did you mean send\?[^]*\(hullo --help shows every command\)\n$/)
})

test('every variable that a command of watch gets is in the guide, and none beyond', () => {
  const source = readFileSync(join(root, 'src/cli/watch-exec.ts'), 'utf8')
  const given = [...source.matchAll(/^ {4}(HULLO_\w+):/gm)].map(([, name]) => name)
  const told = [...(/\| variable \| \|[^]*?\n\n/.exec(guide)?.[0] ?? '').matchAll(/HULLO_\w+/g)].map(([name]) => name)
  assert.ok(given.length > 5)
  assert.deepEqual(new Set(told), new Set(given))
})

const forScripts: readonly Command[] = [
  registerCommand(),
  loginCommand(),
  logoutCommand(),
  whoamiCommand(),
  sendCommand(),
  inboxCommand(),
  watchCommand(),
  completionCommand(async () => []),
]

test('the guide for scripts names each command for scripts, and no other', () => {
  const intro = /^`hullo send`.*$/m.exec(guide)?.[0] ?? ''
  const lines = [...guide.matchAll(/\bhullo ([a-z]+)/g)].map(([, name]) => name)
  const listed = [...intro.matchAll(/`([a-z]+)`/g)].map(([, name]) => name)
  const names = forScripts.map(command => command.name())
  const others = new Set(['chat', 'client', 'serve']) // may be spoken of, and have guides of their own
  assert.deepEqual(new Set([...lines, ...listed].filter(name => !others.has(name ?? ''))), new Set(names))
})

test('every option of the guide for scripts is one of a command, and each command’s own are in it', () => {
  const ours = guide.replaceAll('--loud', '') // of the command that is run
  const told = new Set([...ours.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag))
  const flags = new Set(
    forScripts.flatMap(command => command.options.filter(({ hidden }) => !hidden).map(({ long }) => long ?? '')),
  )
  assert.deepEqual(
    [...told].filter(flag => !flags.has(flag) && flag !== '--help'),
    [],
  )
  assert.deepEqual(
    [...flags].filter(flag => !told.has(flag)),
    [],
  )
})

test('the commands of the chat in its guide are those of its table, with what each takes', () => {
  const chat = readFileSync(join(root, 'docs/guides/terminal.md'), 'utf8')
  const section = chat.slice(chat.indexOf('\n## Commands\n')).split('\n## ')[1] ?? ''
  const cells = [...section.matchAll(/^\| (`.*?`) \|/gm)].map(([, cell]) => cell ?? '')
  const told = cells.flatMap(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, usage]) => usage ?? ''))
  assert.deepEqual(told.toSorted(), commands.map(usageOf).toSorted())
})
