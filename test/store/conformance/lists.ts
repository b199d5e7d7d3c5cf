// What an account is shown: people, its conversations, its intervals; in order, in pages, and with present names.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId, Seq } from '../../../src/store/store.ts'
import { accounts, change, kindsOf, type Make, message, plain, roomMessage, roomOf, sendOne } from '../subject.ts'

export function listsConform(make: Make): void {
  test('people are found by the beginning of their key, by key, in pages', async () => {
    await using subject = await make()
    const { store } = subject
    await accounts(store, 'Bob', 'bobby', 'Ann', 'bo', 'Zoë', 'b%b', 'b_b')
    const find = async (keyPrefix: string, afterKey = '', limit = 10) =>
      (await store.findPeople({ asker: 1, keyPrefix, afterKey, limit, sharingWith: null })).map(one => one.name)
    assert.deepEqual(await find(''), ['Ann', 'b%b', 'b_b', 'bo', 'Bob', 'bobby', 'Zoë'])
    assert.deepEqual(await find('bo'), ['bo', 'Bob', 'bobby'])
    assert.deepEqual(await find('bo', '', 1), ['bo'])
    assert.deepEqual(await find('bo', 'bo', 1), ['Bob'])
    assert.deepEqual(
      [await find('b%'), await find('b_'), await find('zoë'), await find('x')],
      [['b%b'], ['b_b'], ['Zoë'], []],
    )
  })

  test('people are found by a later word of their name too, behind those whose name begins so, each once', async () => {
    await using subject = await make()
    const { store } = subject
    const names = [
      'Cleo de Witt',
      'dean',
      'Ann-Marie Deane',
      "Ed O'Dea",
      'De de dede',
      'Adele',
      'b_dea',
      'Zoë Dea',
    ] as const
    const made = await accounts(store, ...names)
    await roomOf(store, made, { name: 'one' })
    for (const sharingWith of [null, 1]) {
      const find = async (keyPrefix: string, afterKey = '', limit = 10) =>
        (await store.findPeople({ asker: 1, keyPrefix, afterKey, limit, sharingWith })).map(one => one.name)
      const all = ['De de dede', 'dean', 'Cleo de Witt', 'b_dea', "Ed O'Dea", 'Zoë Dea', 'Ann-Marie Deane']
      assert.deepEqual(await find('de'), all)
      assert.deepEqual(await find('dele'), [])
      assert.deepEqual(await find('de witt'), ['Cleo de Witt'])
      assert.deepEqual(await find('marie d'), ['Ann-Marie Deane'])
      for (const limit of [1, 2, 3]) {
        const paged: string[] = []
        for (;;) {
          const page = await find('de', paged.at(-1)?.toLowerCase() ?? '', limit)
          paged.push(...page)
          if (page.length < limit) break
        }
        assert.deepEqual(paged, all, `pages of ${limit}`)
      }
    }
    await kindsOf(
      store,
      { kind: 'delete-account', account: made[6] ?? 0 },
      { kind: 'block', account: made[7] ?? 0, other: 1 },
    )
    const left = await store.findPeople({ asker: 1, keyPrefix: 'dea', afterKey: '', limit: 10, sharingWith: null })
    assert.deepEqual(
      left.map(({ name }) => name),
      ['dean', "Ed O'Dea", 'Ann-Marie Deane'],
    )
  })

  test('who blocks somebody is not in their list of people, as a closed account is not', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    await roomOf(store, [ann, bob, cleo], { name: 'one' })
    await kindsOf(store, { kind: 'block', account: cleo, other: bob })
    const find = async (asker: number, sharingWith: number | null) =>
      (await store.findPeople({ asker, keyPrefix: '', afterKey: '', limit: 10, sharingWith })).map(one => one.name)
    for (const sharingWith of [bob, null]) assert.deepEqual(await find(bob, sharingWith), ['Ann', 'Bob'])
    for (const sharingWith of [cleo, null]) assert.deepEqual(await find(cleo, sharingWith), ['Ann', 'Bob', 'Cleo'])
  })

  test('people who share a room at present are those of rooms, not of direct conversations or the past', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo, dora, emil] = await accounts(store, 'Ann', 'Bob', 'Cleo', 'Dora', 'Emil')
    const one = await roomOf(store, [ann, bob, cleo], { name: 'one' })
    await roomOf(store, [bob, ann, dora], { name: 'two' })
    await kindsOf(store, message(ann, emil, 'x'), change(cleo, one, { what: 'leave' }))
    const find = async (sharingWith: number, keyPrefix = '', afterKey = '') =>
      (await store.findPeople({ asker: sharingWith, keyPrefix, afterKey, limit: 10, sharingWith })).map(
        person => person.name,
      )
    assert.deepEqual(await find(ann), ['Ann', 'Bob', 'Dora'])
    assert.deepEqual(await find(ann, 'd'), ['Dora'])
    assert.deepEqual(await find(ann, '', 'ann'), ['Bob', 'Dora'])
    assert.deepEqual(await find(cleo), [])
    assert.deepEqual(await find(emil), [])
  })

  test('people by id: once each, unknown ones left out', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    assert.deepEqual(plain(await store.people([bob, 9_999, ann, bob])), [
      { id: ann, name: 'Ann' },
      { id: bob, name: 'Bob' },
    ])
    assert.deepEqual(await store.people([]), [])
  })

  test('conversations are listed by their last entry, in pages; the past ones are not', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [bob, ann]) // 1, 2
    const left = await roomOf(store, [bob, ann], { name: 'left' }) // 3, 4
    await kindsOf(store, change(ann, left, { what: 'leave' })) // 5
    const toBob = (await sendOne(store, message(ann, bob, 'x'))).conversation // 6
    const toCleo = (await sendOne(store, message(cleo, ann, 'x'))).conversation // 7
    const note = (await sendOne(store, message(ann, ann, 'x'))).conversation // 8
    await kindsOf(store, roomMessage(bob, room, 'x'), message(bob, ann, 'y')) // 9, 10
    const list = async (before: number, limit: number) =>
      (await store.membershipsOf(ann, before, limit)).map(one => [one.conversation.id, one.lastSeq])
    const all = [
      [toBob, 10],
      [room, 9],
      [note, 8],
      [toCleo, 7],
    ]
    assert.deepEqual(await list(Number.MAX_SAFE_INTEGER, 10), all)
    assert.deepEqual(await list(10, 2), all.slice(1, 3))
    assert.deepEqual(await list(7, 10), [])
    const [first] = await store.membershipsOf(ann, 11, 1)
    assert.deepEqual(plain(first), {
      conversation: { id: toBob, kind: 'direct', low: { id: ann, name: 'Ann' }, high: { id: bob, name: 'Bob' } },
      role: 'member',
      isSilenced: false,
      joinedSeq: 6,
      readSeq: 0,
      lastSeq: 10,
    })
    assert.deepEqual(plain(await store.membership(ann, toBob)), plain(first))
    assert.deepEqual(await store.lastSeqs([room, 9_999, toBob, left, room]), [9, 0, 10, 5, 9])
    assert.deepEqual(await store.lastSeqs([]), [])
  })

  test('the conversation of a pair is the same from both sides, and undefined where there is none', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const { conversation } = await sendOne(store, message(bob, ann, 'x'))
    const asked = [store.directBetween(ann, bob), store.directBetween(bob, ann), store.directBetween(ann, cleo)]
    assert.deepEqual(await Promise.all(asked), [conversation, conversation, undefined])
    assert.equal(await store.conversation(9_999), undefined)
  })

  test('intervals come with the head of their moment, also for who has none', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    assert.deepEqual(await store.intervalsOf(ann), { head: 0, intervals: [] })
    const { conversation } = await sendOne(store, message(ann, bob, 'x'))
    await sendOne(store, message(ann, bob, 'y'))
    const own = [{ conversation, joinedSeq: 1, leftSeq: null }]
    assert.deepEqual(plain(await store.intervalsOf(bob)), { head: 2, intervals: own })
    assert.deepEqual(await store.intervalsOf(cleo), { head: 2, intervals: [] })
  })

  test('of some accounts those are told to whom an entry belongs, be it by an earlier membership', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [ann, bob]) // 1, 2
    const bobs = (what: 'leave' | 'join') => change(bob, room, { what })
    await kindsOf(store, bobs('leave'), roomMessage(ann, room, 'x'), bobs('join'), roomMessage(ann, room, 'y')) // 3 to 6
    const owners = (seq: Seq, ...asked: AccountId[]) => store.ownersAmong(asked, room, seq)
    const all = [cleo, bob, ann]
    assert.deepEqual(await Promise.all([1, 2, 3, 4, 5, 6].map(seq => owners(seq, ...all))), [
      [ann],
      [bob, ann],
      [bob, ann],
      [ann],
      [bob, ann],
      [bob, ann],
    ])
    assert.deepEqual([await owners(6, bob), await owners(6), await store.ownersAmong(all, 9_999, 6)], [[bob], [], []])
  })

  test('seqs backwards: before is left out, from is in, descending, no more than the limit', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const { conversation } = await sendOne(store, message(ann, bob, 'x'))
    for (let round = 0; round < 4; round += 1) await kindsOf(store, message(ann, ann, 'n'), message(bob, ann, 'x'))
    const back = (before: number, from: number, limit: number) => store.seqsBefore(conversation, before, from, limit)
    assert.deepEqual(await back(9, 3, 10), [7, 5, 3])
    assert.deepEqual(await back(Number.MAX_SAFE_INTEGER, 0, 2), [9, 7])
    assert.deepEqual([await back(1, 0, 10), await back(9, 0, 0), await back(3, 5, 10)], [[], [], []])
  })
}
