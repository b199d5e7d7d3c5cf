// What outlives a stop, and what happens when everybody comes at once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshName, inboxOf, letter, startHullo, temporaryFolder } from './server.ts'

test('accounts and messages are there after a stop; a proof is not', async () => {
  using folder = temporaryFolder()
  const [ann, ben] = [freshName('Ann'), freshName('Ben')]
  const texts = ['before', 'also before', 'Zoë 🙂']
  let before
  {
    await using server = await startHullo([], folder.dir)
    await server.register(ann, 'secret of ann')
    await server.register(ben, 'secret of ben')
    for (const text of texts) assert.equal((await server.ask('POST', '/', { json: letter(ann, ben, text) })).body, '1')
    before = await inboxOf(server, ben)
    await server.stop()
  }
  await using server = await startHullo([], folder.dir)
  assert.equal((await server.ask('GET', '/get_messages', { json: { username: ben } })).status, 401)
  assert.equal((await server.ask('GET', '/auth', { json: { username: ben, password: 'wrong' } })).body, '12')
  assert.equal((await server.ask('GET', '/auth', { json: { username: ben, password: 'secret of ben' } })).body, '1')
  assert.equal((await server.ask('POST', '/register', { json: { username: ann, password: 'x' } })).body, '10')
  assert.equal((await server.ask('GET', '/auth', { json: { username: ann, password: 'secret of ann' } })).body, '1')
  assert.equal((await server.ask('POST', '/', { json: letter(ann, ben, 'after') })).body, '1')
  const after = await inboxOf(server, ben)
  assert.deepEqual(after.slice(0, -1), before)
  assert.deepEqual(
    after.map(row => row.message),
    [...texts, 'after'],
  )
  await server.stop()
})

test('of two hundred concurrent registrations of one name, in several spellings, exactly one is 1 and the rest are 10', async () => {
  await using server = await startHullo()
  const name = freshName('Zoë')
  const spellings = [name, name.toUpperCase(), name.normalize('NFD'), name.toLowerCase()]
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      server.ask('POST', '/register', { json: { username: spellings[index % 4], password: `password ${index}` } }),
    ),
  )
  assert.deepEqual(new Set(answers.map(answer => answer.status)), new Set([200]))
  const codes = answers.map(answer => answer.body)
  const winner = codes.indexOf('1')
  assert.deepEqual(codes.toSorted(), ['1', ...Array<string>(199).fill('10')])
  const auth = async (index: number) =>
    (await server.ask('GET', '/auth', { json: { username: name, password: `password ${index}` } })).body
  assert.equal(await auth(winner), '1', 'and the password is that of the one who was told 1')
  assert.equal(await auth((winner + 1) % 200), '12')
})

test('messages that many people send at once all arrive, once each, those of one sender in order', async () => {
  await using server = await startHullo()
  const reader = freshName('reader')
  await server.register(reader)
  const senders = Array.from({ length: 10 }, () => freshName('sender'))
  await Promise.all(senders.map(name => server.register(name)))
  await Promise.all(
    senders.map(async name => {
      for (let count = 0; count < 20; count += 1) {
        const { body } = await server.ask('POST', '/', { json: letter(name, reader, String(count)) })
        assert.equal(body, '1')
      }
    }),
  )
  const rows = await inboxOf(server, reader)
  assert.equal(rows.length, 200)
  assert.deepEqual(
    rows.map(row => row.id),
    Array.from({ length: 200 }, (_, index) => index + 1),
  )
  for (const name of senders) {
    const own = rows.filter(row => row.sender === name).map(row => Number(row.message))
    assert.deepEqual(
      own,
      Array.from({ length: 20 }, (_, index) => index),
    )
  }
})
