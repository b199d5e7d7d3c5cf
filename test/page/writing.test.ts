// What somebody wrote and did not send, when their session ends: who gets it, and where it lies until then.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Drafts } from '../../web/model/drafts.ts'
import { Writing } from '../../web/model/writing.ts'
import { memory } from './model.ts'

const ann = { id: 1, name: 'Ann', isAdmin: false, createdAt: 1_700_000_000.25 }
const ben = { ...ann, id: 11, name: 'Ben' }

/** A tab over a storage; `open` are the accounts of the tabs that share it. */
function tab(storage: ReturnType<typeof memory>, staysThere: boolean, open = new Set<string>()) {
  const hold = (account: string, until: AbortSignal) => {
    open.add(account)
    until.addEventListener('abort', () => open.delete(account))
  }
  return new Writing({ storage, staysThere, tabs: { hold, held: async () => [...open] } })
}

async function begin(writing: Writing, who = ann, text = 'half a thought') {
  const kept = await writing.enter(who)
  const drafts = new Drafts(kept)
  drafts.write('@cora', text)
  return { kept, drafts }
}

for (const staysThere of [true, false]) {
  const where = staysThere ? 'in a secure context' : 'on plain HTTP'

  test(`${where} the same account gets it back, with capitals or without, and nobody else ever sees it`, async () => {
    const storage = memory()
    const writing = tab(storage, staysThere)
    await begin(writing)
    assert.equal(writing.leave(ann), true)
    const again = new Drafts(await writing.enter({ ...ann }))
    assert.equal(again.of('@Cora').value, 'half a thought')
    writing.leave(ann)
    assert.equal(new Drafts(await writing.enter(ben)).of('@cora').value, '')
    assert.equal(storage.all.size, 0, 'the next one takes it away')
    writing.forget(ben)
    assert.equal(new Drafts(await writing.enter(ann)).of('@cora').value, '', 'for good')
  })

  test(`${where} signing out leaves nothing`, async () => {
    const storage = memory()
    const writing = tab(storage, staysThere)
    storage.write('theme', 'dark')
    await begin(writing)
    writing.forget(ann)
    assert.deepEqual([...storage.all], [['theme', 'dark']])
    assert.equal(new Drafts(await writing.enter(ann)).of('@cora').value, '')
  })

  test(`${where} an account that is deleted leaves nothing, though its session may seem to end by itself`, async () => {
    const writing = tab(memory(), staysThere)
    await begin(writing)
    writing.leave(ann)
    writing.forget(ann)
    assert.equal(new Drafts(await writing.enter(ann)).of('@cora').value, '')
  })

  test(`${where} what still wants to be written after the end is not`, async () => {
    const storage = memory()
    const writing = tab(storage, staysThere)
    const { drafts } = await begin(writing)
    writing.forget(ann)
    drafts.write('@cora', 'too late')
    assert.equal(storage.all.size, 0)
  })

  test(`${where} whoever has the same number on a server that began anew is somebody else`, async () => {
    const writing = tab(memory(), staysThere)
    await begin(writing)
    writing.leave(ann)
    const later = { ...ann, createdAt: ann.createdAt + 1 }
    assert.equal(new Drafts(await writing.enter(later)).of('@cora').value, '')
  })
}

test('on plain HTTP nothing lies in the browser while nobody is signed in, and a page that is loaded anew has nothing', async () => {
  const storage = memory()
  const writing = tab(storage, false)
  await begin(writing)
  writing.leave(ann)
  assert.equal(storage.all.size, 0)
  assert.equal(new Drafts(await tab(storage, false).enter(ann)).of('@cora').value, '')
})

test('in a secure context it is there also after the page was closed', async () => {
  const storage = memory()
  const writing = tab(storage, true)
  await begin(writing)
  writing.leave(ann)
  assert.equal(new Drafts(await tab(storage, true).enter(ann)).of('@cora').value, 'half a thought')
})

test('who signs in leaves to another tab what its account writes there, and takes what a closed one left', async () => {
  const storage = memory()
  const open = new Set<string>()
  await begin(tab(storage, true, open))
  await begin(tab(storage, true, open), ben, 'of Ben')
  assert.deepEqual([...storage.all.values()], ['half a thought', 'of Ben'])
  open.clear()
  await begin(tab(storage, true, open), { ...ann, id: 12, name: 'Cora' }, 'of Cora')
  assert.deepEqual([...storage.all.values()], ['of Cora'])
})
