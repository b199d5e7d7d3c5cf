// The lab is taught in Python: a Python client of ten lines talks to each of our servers, and our clients to a Python
// server that is written as the lab asks.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { debianPython, missing } from '../support/debian.ts'
import { run, start } from '../support/program.ts'
import { servers, startLab } from './support.ts'

const skip = missing('python3')

const client = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("127.0.0.1", int(sys.argv[1])))
print(s.getsockname(), flush=True)
s.send("Hola ñ".encode())
answer = s.recv(2048)
print(answer.decode(), end="")
print("closed" if s.recv(2048) == b"" else "more")
s.close()
`

/** One client after the other; prints its port, what it heard, and lets clients wait as long as the third argument says. */
const server = `
import socket, time
ls = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
ls.bind(("127.0.0.1", 0))
ls.listen()
print("port", ls.getsockname()[1], flush=True)
while True:
    (cs, address) = ls.accept()
    message = cs.recv(2048).decode()
    print("heard", repr(message), address, flush=True)
    if message != "no answer":
        cs.send(("ECHO: " + message).encode())
    else:
        time.sleep(60)
    cs.close()
`

for (const name of servers) {
  test(`a Python client talks to ${name}, and both agree where it is`, { skip }, async () => {
    await using lab = await startLab(name)
    const { stdout, code } = await run(debianPython, ['-c', client, String(lab.port)])
    assert.equal(code, 0)
    const [address, answer, end] = stdout.split('\n')
    assert.equal(answer, name === 'happy-server' ? 'HELLO. I am the Happy Server :-)' : 'ECHO: Hola ñ')
    assert.equal(end, 'closed')
    await lab.program.printed(/Message received: Hola ñ\n/)
    if (name === 'echo-server2' || name === 'echo-server3') {
      assert.ok(lab.program.stdout().includes(`CONNECTION 1. Client IP,PORT: ${address}\n`))
    }
  })
}

test('talk and client-test talk to a Python server, whose answers end without a newline', { skip }, async () => {
  await using python = start(debianPython, ['-c', server])
  const [, port] = await python.printed(/port (\d+)/)
  const talk = await run(process.execPath, ['bin/hullo.js', 'talk', '--port', String(port), 'Hola ñ'])
  assert.deepEqual(talk, { code: 0, signal: null, stdout: 'ECHO: Hola ñ', stderr: '' })
  const five = await run(process.execPath, ['labs/client-test.ts', '--port', String(port)])
  assert.equal(five.code, 0)
  assert.equal(
    five.stdout,
    [0, 1, 2, 3, 4].map(i => `To Server: Message ${i}\nFrom Server: ECHO: Message ${i}\n`).join(''),
  )
  await python.printed(/heard 'Message 4'/)
  const late = await run(process.execPath, [
    'bin/hullo.js',
    'talk',
    '--port',
    String(port),
    '--wait',
    '0.2',
    'no answer',
  ])
  assert.equal(late.code, 1)
  assert.match(late.stderr, /^127\.0\.0\.1 port \d+ did not answer within 0\.2 s\. .*--wait/)
})

test('a call that nobody takes ends in a sentence', { skip }, async t => {
  if (process.platform !== 'linux') return t.skip('a full queue of calls looks different elsewhere')
  // A queue of length 0 holds one call: Linux leaves the others without any reply.
  const full = `
import socket, sys
ls = socket.socket()
ls.bind(("127.0.0.1", 0))
ls.listen(0)
calls = [socket.socket() for _ in range(4)]
for call in calls:
    call.setblocking(False)
    call.connect_ex(ls.getsockname())
print("port", ls.getsockname()[1], flush=True)
sys.stdin.read()
`
  await using python = start(debianPython, ['-c', full])
  const [, port] = await python.printed(/port (\d+)/)
  const talk = await run(process.execPath, ['bin/hullo.js', 'talk', '--port', String(port), '--wait', '0.5', 'x'])
  assert.equal(talk.code, 1)
  assert.match(talk.stderr, /^127\.0\.0\.1 port \d+ did not take the call within 0\.5 s\. /)
  return undefined
})
