import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { Command, CommanderError } from 'commander'
import { BadSetting } from './bad-setting.ts'
import { profileNames, profiles } from './profiles.ts'
import { addSettings, readSettings, type Settings } from './settings.ts'

/** The settings that these arguments and variables give. */
function settings(t: TestContext, args: readonly string[], env: Record<string, string> = {}): Settings {
  for (const [name, value] of Object.entries(env)) {
    process.env[name] = value
    t.after(() => delete process.env[name])
  }
  const command = addSettings(new Command('serve').exitOverride().configureOutput({ writeErr() {} }))
  command.parse(args, { from: 'user' })
  return readSettings(command)
}

test('by default this machine alone is served, on port 5000, guarded', t => {
  const { profile, host, port, data, lab, registration, passwordMin, trustedProxies, logLevel } = settings(t, [])
  assert.deepEqual(
    { profile, host, port, data, lab, registration, passwordMin, trustedProxies, logLevel },
    {
      profile: 'local',
      host: '127.0.0.1',
      port: 5000,
      data: './hullo-data',
      lab: 'guarded',
      registration: 'open',
      passwordMin: 1,
      trustedProxies: undefined,
      logLevel: 'warn',
    },
  )
})

test('settings are frozen', t => {
  assert.ok(Object.isFrozen(settings(t, [])))
})

test('a profile gives what was not set, and a flag stands above it', t => {
  assert.equal(settings(t, ['--profile', 'classroom']).host, '0.0.0.0')
  const set = settings(t, ['--profile', 'classroom', '--host', '127.0.0.1', '--lab', 'open', '--password-min', '4'])
  assert.deepEqual([set.host, set.lab, set.passwordMin], ['127.0.0.1', 'open', 4])
})

test('what an account may store in a day is a number of MiB, or unlimited', t => {
  assert.equal(settings(t, []).storedBytesPerDay, Infinity)
  assert.equal(settings(t, ['--stored-per-day', '2']).storedBytesPerDay, 2 * 1_048_576)
  const classroom = ['--profile', 'classroom', '--stored-per-day', 'unlimited']
  assert.equal(settings(t, classroom).storedBytesPerDay, Infinity)
})

test('guesses a day are a number, or unlimited', t => {
  assert.equal(settings(t, []).guessesPerDay, Infinity)
  assert.equal(settings(t, ['--guesses-per-day', '100']).guessesPerDay, 100)
  assert.equal(settings(t, ['--profile', 'classroom', '--guesses-per-day', 'unlimited']).guessesPerDay, Infinity)
})

test('the environment sets what flags do, and flags stand above it', t => {
  const env = {
    HULLO_PORT: '5055',
    HULLO_LAB: 'off',
    HULLO_TRUST_PROXY: '10.0.0.0/8',
    HULLO_PASSWORD_MIN: '3',
    HULLO_DATA: 'x',
  }
  const set = settings(t, ['--port', '5056'], env)
  assert.deepEqual([set.port, set.lab, set.passwordMin, set.data], [5056, 'off', 3, 'x'])
  assert.ok(set.trustedProxies?.check('10.1.1.1'))
})

test('a value that is none is refused with a sentence that names the flag', t => {
  const wrong: [string[], RegExp][] = [
    [['--port', '65536'], /--port.*whole number from 0 to 65535/s],
    [['--port', '-1'], /--port/],
    [['--port', '5e3'], /--port/],
    [['--port', ''], /--port/],
    [['--lab', 'maybe'], /--lab.*guarded, open, off/s],
    [['--profile', 'home'], /--profile.*local, classroom, public/s],
    [['--trust-proxy', 'proxy.local'], /--trust-proxy.*"proxy\.local" is neither/s],
    [['--public-url', 'chat.example.org'], /--public-url.*http:\/\/ or https:\/\//s],
    [['--public-url', 'https://chat.example.org/?a=b'], /--public-url.*no \? or #/s],
    [['--public-url', 'https://chat.example.org/#'], /--public-url.*no \? or #/s],
    [['--public-url', 'https://ann:apple@chat.example.org'], /--public-url.*no name and password/s],
    [['--allow-origin', '*'], /--allow-origin/],
    [['--allow-origin', 'null'], /--allow-origin/],
    [['--allow-origin', 'https://a.example,javascript:1'], /--allow-origin/],
    [['--password-min', '0'], /--password-min/],
    [['--guesses-per-day', '24'], /--guesses-per-day.*whole number from 25 to 1000000, or unlimited/s],
    [['--guesses-per-day', 'Infinity'], /--guesses-per-day/],
    [['--stored-per-day', '0'], /--stored-per-day.*whole number from 1 to 1000000, or unlimited/s],
    [['--log-level', 'loud'], /--log-level/],
    [['--prot', '1'], /unknown option '--prot'/],
    [['--port'], /--port.*argument missing/],
  ]
  for (const [args, sentence] of wrong) {
    assert.throws(
      () => settings(t, args),
      (error: unknown) => error instanceof CommanderError && sentence.test(error.message),
      args.join(' '),
    )
  }
})

test('a variable that is none is refused, naming it', t => {
  assert.throws(() => settings(t, [], { HULLO_PORT: 'five thousand' }), /HULLO_PORT/)
})

test('the local profile listens on loopback only, by whatever name', t => {
  for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost'])
    assert.equal(settings(t, ['--host', host]).host, host)
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.evil.example', '']) {
    assert.throws(
      () => settings(t, ['--host', host]),
      (error: unknown) => error instanceof BadSetting && /--profile classroom/.test(error.message),
      host,
    )
  }
})

test('what cannot be is refused with a sentence', t => {
  for (const args of [
    ['--profile', 'public'], // without TLS, a trusted proxy or --insecure-http
    ['--data', ''],
  ]) {
    assert.throws(() => settings(t, args), BadSetting, args.join(' '))
  }
})

test('origins and the public URL are taken in the form in which browsers write them', t => {
  const set = settings(t, [
    '--allow-origin',
    'https://A.example:443/path, http://b.example:8080',
    '--public-url',
    'https://Chat.Example.org/',
  ])
  assert.deepEqual(set.allowedOrigins, ['https://a.example', 'http://b.example:8080'])
  assert.equal(set.publicUrl?.href, 'https://chat.example.org/')
  for (const below of ['https://example.org/chat', 'https://example.org/chat/']) {
    assert.equal(settings(t, ['--public-url', below]).publicUrl?.href, 'https://example.org/chat/')
  }
})

test('the documentation has every flag, with what it is under each profile', () => {
  const text = readFileSync(new URL('../../../docs/reference/settings.md', import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| `--.*$/gm)].map(([row]) =>
    row.split('|').map(cell => cell.trim().replaceAll('`', '')),
  )
  const flags = new Set(rows.flatMap(([, names = '']) => names.split(', ')))
  assert.deepEqual(flags, new Set(addSettings(new Command()).options.map(option => option.long)))
  for (const [name, key] of [
    ['--host', 'host'],
    ['--lab', 'lab'],
    ['--registration', 'registration'],
    ['--password-min', 'passwordMin'],
    ['--guesses-per-day', 'guessesPerDay'],
  ] as const) {
    const values = rows.find(([, names]) => names === name)?.slice(2, 5)
    const expected = profileNames.map(profile => String(profiles[profile][key]).replace('Infinity', 'unlimited'))
    assert.deepEqual(values, expected, name)
  }
})
