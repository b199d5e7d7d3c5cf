// Completion in the real shells: the scripts are loaded as their help says, and Tab is pressed.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { spawn } from '@lydell/node-pty'
import { missing } from '../support/debian.ts'
import { root, run } from '../support/program.ts'
import { freshName, startV1, type V1Server } from '../v1/support.ts'
import { type Machine, machineWith } from './support.ts'

let server: V1Server
let machine: Machine
let env: Record<string, string>
const [ann, ben, room] = [freshName('Ann'), freshName('Ben and'), freshName('room')]

before(async () => {
  server = await startV1()
  machine = await machineWith(server, ann, ben)
  const { token } = await server.signIn(ann, 'a good password')
  await server.call('POST', '/v1/rooms', { token, json: { name: room } })
  const bin = machine.path('bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'hullo'), `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'bin/hullo.js')}' "$@"\n`)
  chmodSync(join(bin, 'hullo'), 0o755)
  env = { ...machine.env, HULLO_NAME: ann, HOME: machine.dir, PATH: `${bin}:${process.env['PATH']}`, TERM: 'xterm' }
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout, stderr } = await machine.hullo(['completion', shell])
    assert.equal(code, 0, stderr)
    writeFileSync(machine.path(`hullo.${shell}`), stdout)
  }
})
after(async () => {
  machine[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

test('bash completes commands, options, their words, and names', { skip: missing('bash') }, async () => {
  const complete = async (...words: string[]) => {
    const script = `source "$1"; shift; COMP_WORDS=(hullo "$@"); COMP_CWORD=$#; _hullo; printf '%s\\n' "\${COMPREPLY[@]}"`
    const args = ['-c', script, 'bash', machine.path('hullo.bash'), ...words]
    const { stdout, stderr } = await run('/usr/bin/bash', ['--norc', ...args], { env })
    assert.equal(stderr, '')
    return stdout.trimEnd().split('\n')
  }
  assert.deepEqual((await complete('se')).toSorted(), ['send', 'serve'])
  assert.deepEqual(await complete('watch', '--st'), ['--state'])
  assert.deepEqual(await complete('watch', '--on-failure', 's'), ['stop', 'skip'])
  assert.deepEqual(await complete('completion', ''), ['bash', 'zsh', 'fish'])
  assert.deepEqual(await complete('send', ben.slice(0, 3)), [ben.replaceAll(' ', '\\ ')])
  assert.deepEqual(await complete('send', '#'), [`\\#${room}`])
  assert.deepEqual(new Set(await complete('inbox', '--as', '')), new Set([ann, ben.replaceAll(' ', '\\ ')]))
  assert.deepEqual(await complete('inbox', '--room', ''), [room])
})

test('fish completes commands, options, their words, and names', { skip: missing('fish') }, async () => {
  const complete = async (line: string) => {
    const script = 'source $argv[1]; complete -C $argv[2]'
    const args = ['--no-config', '-c', script, machine.path('hullo.fish'), line]
    const { stdout, stderr } = await run('/usr/bin/fish', args, { env })
    assert.equal(stderr, '')
    return stdout
      .trimEnd()
      .split('\n')
      .map(one => one.split('\t')[0])
  }
  assert.deepEqual(await complete('hullo se'), ['send', 'serve'])
  assert.deepEqual(await complete('hullo watch --st'), ['--state'])
  assert.deepEqual(new Set(await complete('hullo watch --on-failure s')), new Set(['skip', 'stop']))
  assert.deepEqual(await complete(`hullo send ${ben.slice(0, 3)}`), [ben])
  assert.deepEqual(await complete('hullo inbox --room '), [room])
})

test('zsh completes commands, options, their words, and names', { skip: missing('zsh') }, async () => {
  const complete = async (line: string, wanted: string) => {
    const pty = spawn('/usr/bin/zsh', ['-f', '-i'], { cols: 200, rows: 50, env: { ...env, PS1: 'READY> ' } })
    let shown = ''
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, 30_000) // only where it hangs: what was shown then tells
    const steps = [
      [
        'READY> ',
        `autoload -U compinit; compinit -u -d ${machine.path('zcompdump')}; source ${machine.path('hullo.zsh')}; echo LOA""DED\r`,
      ],
      ['LOADED', `${line}\t`],
      [wanted, ''],
    ]
    pty.onData(text => {
      shown = stripVTControlCharacters(shown + text)
      const [await_, keys] = steps[0] ?? []
      if (await_ === undefined || !shown.includes(await_)) return
      shown = shown.slice(shown.indexOf(await_) + await_.length)
      steps.shift()
      if (steps.length === 0) resolve()
      else pty.write(keys ?? '')
    })
    await promise
    clearTimeout(timer)
    pty.kill('SIGKILL')
    assert.deepEqual(steps, [], `${line}: ${shown}`)
  }
  await complete('hullo sen', 'hullo send')
  await complete('hullo watch --sta', 'hullo watch --state')
  await complete('hullo watch --on-failure ski', '--on-failure skip')
  await complete(`hullo send ${ben.slice(0, 3)}`, ben.replaceAll(' ', '\\ '))
  await complete('hullo inbox --room ', room)
})

test('every command and option stands in each script, and nothing of a server', async () => {
  const { stdout } = await machine.hullo(['--help'])
  const commands = [...stdout.matchAll(/^ {2}([a-z][\w-]+)(?= |$)/gm)].map(([, name]) => name ?? '')
  assert.ok(commands.includes('watch') && commands.length > 10)
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = readFileSync(machine.path(`hullo.${shell}`), 'utf8')
    for (const command of commands.filter(name => name !== 'help')) {
      assert.match(script, new RegExp(`\\b${command}\\b`), `${command} in ${shell}`)
    }
    assert.doesNotMatch(script, new RegExp(`${ann}|${room}`))
    assert.doesNotMatch(script, /complete-names['"]? -d/)
  }
})

test('names are listed quietly: without a session or a server there are none, and nothing is said', async () => {
  for (const more of [
    { HULLO_SERVER: '127.0.0.1:1' },
    { HULLO_NAME: 'nobody' },
    { HULLO_CONFIG: machine.path('none') },
  ]) {
    const ended = await machine.hullo(['complete-names', 'addresses'], { env: more })
    assert.deepEqual(ended, { code: 0, stdout: '', stderr: '' })
  }
})
