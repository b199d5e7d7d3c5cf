// `hullo check` as people call it: what it prints, its exit codes, a class, and that nothing it started stays behind.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { debianPython, missing } from '../support/debian.ts'
import { eventually, isAlive } from '../support/process-state.ts'
import { root, run, startScript } from '../support/program.ts'
import { startHostile } from './servers/hostile.ts'
import { startMessaging } from './servers/messaging.ts'
import { freePort } from './support.ts'

const skip = missing('python3')
const notLinux = process.platform !== 'linux' && 'it looks into /proc'
const hullo = join(root, 'bin', 'hullo.js')
const script = fileURLToPath(new URL('servers/socket_server.py', import.meta.url))
const python = (lab: string, port: number, flags = '') => `${debianPython} ${script} ${lab} ${port} ${flags}`

const check = (...args: readonly string[]) => run(process.execPath, [hullo, 'check', ...args])

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hullo-check-'))
  context.after(() => rm(folder, { recursive: true }))
  return folder
}

suite('one server', { concurrency: 4 }, () => {
  test('a right server: a line for each requirement, and exit code 0', async () => {
    await using server = await startMessaging()
    const { code, stdout, stderr } = await check('messaging', server.address)
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /^pass {5}POST \/register of a new name answers 1$/m)
    assert.match(stdout, /^PASS: 15 of 15 required pass/m)
    assert.doesNotMatch(stdout, /^fail/m)
  })

  test('a broken server: what was sent, came, was expected, who asks, and why; exit code 1', async () => {
    await using server = await startMessaging('password-unchecked')
    const { code, stdout } = await check('messaging', server.address)
    assert.equal(code, 1)
    assert.match(
      stdout,
      /^fail {5}GET \/auth with the password.*\n +sent +GET \/auth with the JSON .*\n +came +status 200 OK.*"1"\n +expected +12 .*\n +asked by +messaging lab, D\.2.*\n +likely +the password is not compared/m,
    )
  })

  test('--json has the counts and every finding', async () => {
    await using server = await startMessaging('quoted')
    const { code, stdout } = await check('messaging', server.address, '--json')
    assert.equal(code, 1)
    const report = JSON.parse(stdout) as { result: string; counts: object; findings: { id: string; verdict: string }[] }
    assert.equal(report.result, 'fail')
    assert.deepEqual(report.counts, { required: 15, pass: 14, fail: 1, notRun: 0, unseen: 0, advice: 3 })
    assert.equal(report.findings.find(({ id }) => id === 'codes-are-numbers')?.verdict, 'fail')
  })

  test('nobody listens there: a sentence, and exit code 2', async () => {
    for (const lab of ['messaging', 'echo1']) {
      const { code, stdout } = await check(lab, `127.0.0.1:${await freePort()}`)
      assert.equal(code, 2)
      assert.match(stdout, /Nothing was checked: the connection was refused/)
    }
  })

  test('mistakes in the call are told, with exit code 2', async () => {
    const calls: readonly (readonly [readonly string[], RegExp])[] = [
      [['irc', '127.0.0.1:1'], /no lab "irc"/],
      [['echo1', '127.0.0.1'], /HOST:PORT/],
      [['echo1', '127.0.0.1:70000'], /HOST:PORT/],
      [['messaging', 'ftp://127.0.0.1'], /http:\/\/HOST:PORT/],
      [['messaging', 'http://127.0.0.1:1/api'], /begin at the root/],
      [['messaging'], /which server/],
      [[], /missing required argument/],
      [['echo1', '127.0.0.1:1', '--nonsense'], /unknown option/],
      [['echo1', '127.0.0.1:1', '--timeout', '0'], /0\.1 to 60/],
      [['echo1', '127.0.0.1:1', '--targets', 'x'], /not both/],
      [['echo1', '--targets', '/nonexistent/file'], /cannot be read/],
      [['echo1', '--targets', 'x', '--run', 'y'], /starts one server/],
    ]
    for (const [args, sentence] of calls) {
      const { code, stderr } = await check(...args)
      assert.equal(code, 2, args.join(' '))
      assert.match(stderr, sentence)
    }
  })
})

suite('--run', { concurrency: 4, skip }, () => {
  test('a program is started, judged and stopped', async () => {
    const port = await freePort()
    const { code, stdout } = await check('echo2', `127.0.0.1:${port}`, '--run', python('echo2', port))
    assert.equal(code, 0, stdout)
    assert.match(stdout, /^pass {5}the console counts the connections/m)
    assert.match(stdout, /^pass {5}the messages on the console are green/m)
    assert.match(stdout, /^pass {5}Ctrl-C ends the server/m)
  })

  test('a program that does not start fails, and its console is shown', async () => {
    const port = await freePort()
    const { code, stdout } = await check('happy', `127.0.0.1:${port}`, '--run', python('happy', port, '--fault crash'))
    assert.equal(code, 1)
    assert.match(stdout, /^fail {5}the program starts and listens/m)
    assert.match(stdout, /cannot start/)
  })

  test('what already listens there is not taken for the program', async () => {
    await using other = await startHostile('hangs')
    const { code, stdout } = await check('happy', other.address, '--run', 'true')
    assert.equal(code, 2)
    assert.match(stdout, /something listens on .* already/)
  })

  test('all that the command started is ended, also what ignores Ctrl-C or was left behind', {
    skip: notLinux,
  }, async context => {
    const folder = await temporaryFolder(context)
    const port = await freePort()
    const pids = join(folder, 'pids')
    const stubborn = `${debianPython} -c 'import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)'`
    const command = `${stubborn} & echo $! >>${pids}; echo $$ >>${pids}; ${python('echo1', port)}; ${stubborn}`
    const { code, stdout } = await check('echo1', `127.0.0.1:${port}`, '--run', command)
    assert.equal(code, 0, stdout)
    const started = (await readFile(pids, 'utf8')).trim().split('\n').map(Number)
    assert.equal(started.length, 2)
    for (const pid of started) assert.ok(await eventually(() => !isAlive(pid)))
  })

  test('a check that is stopped by SIGTERM stops its program, tells what it saw, and exits with 130', {
    skip: notLinux,
  }, async () => {
    const port = await freePort()
    const command = `echo shell $$; ${python('happy', port, '--fault waits-for-end')}`
    await using checking = startScript(hullo, [
      'check',
      'happy',
      `127.0.0.1:${port}`,
      '--timeout',
      '60',
      '--run',
      command,
    ])
    // The program has our client when nothing more can be connected in its place: the checker's connection is there.
    await connected(port)
    checking.child.kill('SIGTERM')
    assert.equal((await checking.ended).code, 130)
    assert.match(checking.stdout(), /not run .* because the check was stopped/)
    await refused(port)
  })
})

async function connected(port: number): Promise<void> {
  while ((await run('/bin/sh', ['-c', `grep -ci ':${hex(port)} .* 01 ' /proc/net/tcp`])).stdout.trim() === '0');
}

async function refused(port: number): Promise<void> {
  const listens = async () =>
    (await run('/bin/sh', ['-c', `grep -ci ':${hex(port)} 00000000:0000 0A' /proc/net/tcp`])).stdout.trim() !== '0'
  // The checker has killed the program; its socket closes a moment later.
  assert.ok(await eventually(async () => !(await listens())))
}

const hex = (port: number): string => port.toString(16).padStart(4, '0').toUpperCase()

test('a class: one table and CSV, a line a server, whatever each of them does', async context => {
  const folder = await temporaryFolder(context)
  await using right = await startMessaging()
  await using wrong = await startMessaging('everybody')
  await using stuck = await startHostile('hangs')
  const absent = `127.0.0.1:${await freePort()}`
  const file = join(folder, 'class.txt')
  const lines = [
    '# our class',
    `${right.address} Ada Lovelace`,
    '',
    `${wrong.address} "Grace", =1+1`,
    `${stuck.address}   Alan`,
    absent,
  ]
  await writeFile(file, lines.join('\r\n'))
  const csvFile = join(folder, 'class.csv')

  const { code, stdout } = await check('messaging', '--targets', file, '--timeout', '0.5', '--csv', csvFile)

  assert.equal(code, 1)
  const table = stdout.split('\n')
  assert.match(table[0] ?? '', /^name +target +result +required +advice +what failed$/)
  assert.match(table[1] ?? '', /^Ada Lovelace +http:\S+ +pass +15 of 15 /)
  assert.match(table[2] ?? '', /^"Grace", =1\+1 .* fail +14 of 15 .* inbox-own$/)
  assert.match(table[3] ?? '', /^Alan .* fail +0 of 15 .* register$/)
  assert.match(table[4] ?? '', /nothing checked .* refused/)
  const csv = (await readFile(csvFile, 'utf8')).split('\r\n')
  assert.match(csv[0] ?? '', /^name,lab,target,result,required,passed,failed,not run,advice,register,/)
  assert.match(csv[1] ?? '', /^Ada Lovelace,messaging,http:\S+,pass,15,15,0,0,\d+,pass,/)
  assert.match(csv[2] ?? '', /^"""Grace"", =1\+1",messaging/)
  assert.equal(csv.length, 6)
})

test('a class whose servers all pass exits with 0, and prints the CSV below the table', async context => {
  const folder = await temporaryFolder(context)
  await using first = await startMessaging()
  await using second = await startMessaging('newest-first')
  const file = join(folder, 'class.txt')
  await writeFile(file, `${first.address}\n${second.address}\n`)
  const { code, stdout } = await check('messaging', '--targets', file)
  assert.equal(code, 0, stdout)
  assert.match(stdout, /\n\nname,lab,target/)
  await writeFile(file, `${first.address}\n${first.address}/\n`)
  const twice = await check('messaging', '--targets', file)
  assert.equal(twice.code, 2)
  assert.match(twice.stderr, /line 2: .* twice/)
})
