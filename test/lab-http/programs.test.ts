// The programs that people have: requests and urllib of Debian's Python, HTTPie, curl, nc. Each carries a message from
// one account to another, as its users would write it, without ceremony.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { debianPython, missing } from '../support/debian.ts'
import { root, run } from '../support/program.ts'
import { freshName, inboxOf, type RunningServer, startHullo } from './server.ts'

/** Runs a program to its end and returns what it printed; it must succeed. */
async function output(command: string, ...args: readonly string[]): Promise<string> {
  // HTTPie reads a body from standard input unless that is a terminal.
  const { code, stdout, stderr } = await run(command, args)
  assert.equal(code, 0, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`)
  return stdout
}

const http = (...args: readonly string[]) => output('/usr/bin/http', '--ignore-stdin', '--body', ...args)
const curl = (...args: readonly string[]) => output('/usr/bin/curl', '--silent', ...args)
const python = (script: string, ...args: readonly string[]) => output(debianPython, '-c', script, ...args)

describe('programs', () => {
  let server: RunningServer
  before(async () => {
    server = await startHullo()
  })
  after(() => server[Symbol.asyncDispose]())

  const at = (path: string) => `:${server.port}${path}`
  const base = () => `http://127.0.0.1:${server.port}`

  it('requests: json= on every call, as the lab has it', { skip: missing('requests') }, async () => {
    const [bob, will] = [freshName('bob'), freshName('will')]
    const script = `
import sys, time, requests
base, bob, will = sys.argv[1:]
for name in (bob, will):
    r = requests.post(base + '/register', json={'username': name, 'password': name})
    assert r.ok and r.json() == 1, r.text
assert requests.post(base + '/register', json={'username': bob, 'password': 'x'}).json() == 10
assert requests.get(base + '/auth', json={'username': bob, 'password': bob}).json() == 1
assert requests.get(base + '/auth', json={'username': bob, 'password': 'x'}).json() == 12
assert requests.get(base + '/auth', json={'username': bob + 'x', 'password': 'x'}).json() == 11
stamp = time.time()
r = requests.post(base + '/', json={'sender': bob, 'recipient': will, 'message': 'Zoë says hi 🙂', 'timestamp': stamp})
assert r.ok and r.json() == 1, r.text
r = requests.get(base + '/get_messages', json={'username': will})
assert r.ok and r.status_code == 200
[m] = r.json()['messages']
assert (m['sender'], m['recipient'], m['message'], m['timestamp']) == (bob, will, 'Zoë says hi 🙂', stamp), m
assert isinstance(m['timestamp'], float) and time.ctime(m['timestamp'])
r = requests.post(base + '/', json={'sender': bob, 'recipient': 'nobody-' + bob, 'message': 'x', 'timestamp': stamp})
assert not r.ok and r.json() == 11 and r.reason == 'No such user', (r.status_code, r.text)
print('all right')
`
    assert.equal(await python(script, base(), bob, will), 'all right\n')
  })

  it('requests: data= and params=', { skip: missing('requests') }, async () => {
    const [bob, will] = [freshName('bob'), freshName('will')]
    const script = `
import sys, time, json, requests
base, bob, will = sys.argv[1:]
for name in (bob, will):
    assert requests.post(base + '/register', data={'username': name, 'password': 'a&b=c +ü'}).json() == 1
assert requests.get(base + '/auth', data={'username': bob, 'password': 'a&b=c +ü'}).json() == 1
assert requests.get(base + '/auth', params={'username': bob, 'password': 'a&b=c +ü'}).json() == 1
stamp = time.time()
form = {'sender': bob, 'recipient': will, 'message': 'a&b=c +ü', 'timestamp': stamp}
assert requests.post(base + '/', data=form).json() == 1
assert requests.post(base + '/', data=json.dumps(form)).json() == 1
assert requests.post(base + '/', data={**form, 'timestamp': str(int(stamp))}).json() == 1
rows = requests.get(base + '/get_messages', params={'username': will}).json()['messages']
assert [m['message'] for m in rows] == ['a&b=c +ü'] * 3
assert [m['timestamp'] for m in rows] == [stamp, stamp, int(stamp)], rows
assert requests.get(base + '/get_messages', json={'username': will}, auth=(will, 'a&b=c +ü')).ok
assert requests.get(base + '/get_messages', json={'username': will}, auth=(bob, 'a&b=c +ü')).status_code == 401
session = requests.Session()
for count in range(20):
    assert session.post(base + '/', json=form).json() == 1
assert len(session.get(base + '/get_messages', json={'username': will}).json()['messages']) == 23
print('all right')
`
    assert.equal(await python(script, base(), bob, will), 'all right\n')
  })

  it("Python's urllib, with no library at all", { skip: missing('python3') }, async () => {
    const [bob, will] = [freshName('bob'), freshName('will')]
    const script = `
import sys, json, urllib.request, urllib.parse, urllib.error
base, bob, will = sys.argv[1:]
def ask(method, path, fields, encode=lambda f: json.dumps(f).encode()):
    request = urllib.request.Request(base + path, data=encode(fields), method=method)
    return json.load(urllib.request.urlopen(request))
form = lambda fields: urllib.parse.urlencode(fields).encode()
assert ask('POST', '/register', {'username': bob, 'password': 'x'}) == 1
assert ask('POST', '/register', {'username': will, 'password': 'x'}, form) == 1
assert ask('GET', '/auth', {'username': bob, 'password': 'x'}) == 1
assert ask('POST', '/', {'sender': bob, 'recipient': will, 'message': 'hi', 'timestamp': 1.5}, form) == 1
assert ask('GET', '/get_messages', {'username': will})['messages'][0]['message'] == 'hi'
query = urllib.parse.urlencode({'username': will})
assert json.load(urllib.request.urlopen(base + '/get_messages?' + query))['messages'][0]['timestamp'] == 1.5
try:
    ask('POST', '/', {'sender': bob})
except urllib.error.HTTPError as error:
    assert error.code == 400 and json.load(error)['message'] == 'recipient is missing.'
    print('all right')
`
    assert.equal(await python(script, base(), bob, will), 'all right\n')
  })

  it('HTTPie: JSON by itself, --form, -a, and GET with fields', { skip: missing('http') }, async () => {
    const [bob, will] = [freshName('bob'), freshName('will')]
    assert.equal((await http('POST', at('/register'), `username=${bob}`, 'password=bob')).trim(), '1')
    assert.equal((await http('--form', 'POST', at('/register'), `username=${will}`, 'password=will')).trim(), '1')
    assert.equal((await http('GET', at('/auth'), `username=${bob}`, 'password=bob')).trim(), '1')
    assert.equal((await http('--form', 'GET', at('/auth'), `username=${bob}`, 'password=x')).trim(), '12')
    const fields = [`sender=${bob}`, `recipient=${will}`, 'message=Hi there']
    assert.equal((await http('POST', at('/'), ...fields, 'timestamp:=1700000000.5')).trim(), '1')
    assert.equal((await http('POST', at('/'), ...fields, 'timestamp=1700000000.5')).trim(), '1', 'as a string')
    assert.equal((await http('-a', `${bob}:bob`, 'POST', at('/'), ...fields, 'timestamp:=3')).trim(), '1')
    const inbox = await http('-a', `${will}:will`, 'GET', at('/get_messages'), `username=${will}`)
    const { messages } = JSON.parse(inbox) as { messages: { message: string; timestamp: number }[] }
    assert.deepEqual(
      messages.map(row => [row.message, row.timestamp]),
      [
        ['Hi there', 1700000000.5],
        ['Hi there', 1700000000.5],
        ['Hi there', 3],
      ],
    )
    assert.equal((await http('GET', at('/get_messages'), `username==${will}`)).trim(), inbox.trim(), 'in the query')
    const refused = await run('/usr/bin/http', ['--ignore-stdin', '--check-status', 'GET', at('/get_messages')])
    assert.equal(refused.code, 4)
    assert.match(refused.stdout, /username is missing/)
  })

  it('HTTPie with the address as the lab writes it, localhost', { skip: missing('http') }, async () => {
    assert.equal(
      (await output('/usr/bin/http', '--ignore-stdin', '--body', 'get', `localhost:${server.port}`)).trim(),
      'hello',
    )
  })

  it('curl: -d without a type, --json, -G, -u, --form-string refused with a sentence', {
    skip: missing('curl'),
  }, async () => {
    const [bob, will] = [freshName('bob'), freshName('will')]
    assert.equal(await curl('-d', JSON.stringify({ username: bob, password: 'bob' }), `${base()}/register`), '1')
    assert.equal(
      await curl('--json', JSON.stringify({ username: will, password: 'w:l +l' }), `${base()}/register`),
      '1',
    )
    assert.equal(
      await curl('-X', 'GET', '-d', JSON.stringify({ username: bob, password: 'bob' }), `${base()}/auth`),
      '1',
    )
    assert.equal(
      await curl('-G', '-d', `username=${will}`, '--data-urlencode', 'password=w:l +l', `${base()}/auth`),
      '1',
    )
    const fields = [
      '-d',
      `sender=${bob}`,
      '-d',
      `recipient=${will}`,
      '--data-urlencode',
      'message=50% + you & me',
      '-d',
      'timestamp=1',
    ]
    assert.equal(await curl(...fields, `${base()}/`), '1')
    assert.equal(await curl('-u', `${bob}:bob`, ...fields, base()), '1')
    assert.equal(await curl('-H', 'Transfer-Encoding: chunked', ...fields, base()), '1')
    assert.equal(await curl('--http1.0', ...fields, base()), '1')
    const inbox = JSON.parse(await curl('-u', `${will}:w:l +l`, `${base()}/get_messages?username=${will}`)) as {
      messages: { message: string }[]
    }
    assert.deepEqual(
      inbox.messages.map(row => row.message),
      Array<string>(4).fill('50% + you & me'),
    )
    assert.match(await curl('--form-string', 'username=a', `${base()}/register`), /"error":"media-type"/)
    assert.match(await curl('-I', `${base()}/`), /^HTTP\/1\.1 200 OK\r\n/)
  })

  it('curl sends what is far too large and still sees why it was refused', { skip: missing('curl') }, async () => {
    const { code, stdout } = await run('/usr/bin/curl', ['--silent', '--data-binary', '@-', `${base()}/register`], {
      input: 'x'.repeat(3_000_000),
    })
    assert.deepEqual([code, (JSON.parse(stdout) as { error: string }).error], [0, 'too-large'])
  })

  it('nc: a request typed by hand, with and without -N', { skip: missing('nc') }, async () => {
    for (const flags of [['-N'], []]) {
      const body = JSON.stringify({ username: freshName(), password: 'x' })
      const head = `POST /register HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: ${body.length}\r\n`
      const { stdout } = await run('/usr/bin/nc.openbsd', [...flags, '127.0.0.1', String(server.port)], {
        input: `${head}\r\n${body}`,
      })
      assert.match(stdout, /\r\n\r\n1$/)
    }
    const typed = await run('/usr/bin/nc.openbsd', ['-N', '127.0.0.1', String(server.port)], {
      input: 'GET / HTTP/1.0\r\n\r\n',
    })
    assert.match(typed.stdout, /\r\n\r\nhello$/)
  })

  it("the documentation's curl examples, as they stand", { skip: missing('curl') }, async () => {
    const page = readFileSync(join(root, 'docs/reference/lab-api.md'), 'utf8')
    const lines = page.match(/^curl .*$/gm) ?? []
    const answers: string[] = []
    for (const line of lines) {
      const command = line
        .replace('curl', '/usr/bin/curl --silent')
        .replace('127.0.0.1:5000', `127.0.0.1:${server.port}`)
      answers.push(await output('/bin/sh', '-c', command))
    }
    const inbox = /^\{"messages": \[(\{.*"ann".*"ben".*"Hello!".*1700000000\.5\})?\]\}$/
    assert.deepEqual(
      answers.map(answer => (inbox.test(answer) ? 'inbox' : answer)),
      ['1', '1', '1', 'inbox', '1', 'inbox', 'inbox', '1'],
    )
  })

  it('a message of one program is read by another', { skip: missing('requests', 'curl') }, async () => {
    const bob = freshName('bob')
    await server.register(bob)
    const send =
      "import sys, requests; print(requests.post(sys.argv[1], json=dict(sender=sys.argv[2], recipient=sys.argv[2], message='from Python', timestamp=0)).text)"
    assert.equal(await python(send, base(), bob), '1\n')
    assert.equal((await inboxOf(server, bob))[0]?.message, 'from Python')
  })
})
