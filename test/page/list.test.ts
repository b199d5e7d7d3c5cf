// The page's list of conversations: what has not come yet, or did not come, is not taken for what is not there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConversationView, type Me, NoAnswer, Refused } from '../../src/sdk/sdk.ts'
import { pageBroken } from '../../src/protocol/texts/client.ts'
import { ConversationList } from '../../web/model/conversations.ts'
import { entry } from './model.ts'

function view(id: number, lastSeq: number): ConversationView {
  return { id, address: `@p${id}`, role: 'member', silenced: false, readSeq: 0, lastSeq, unread: 0 }
}

/** A server with these conversations, the last active first, that gives them by twos. */
function listServer(views: readonly ConversationView[]) {
  const server = {
    failing: false,
    /** Runs before each answer. */
    beforeAnswer: async () => {},
    missed: 0,
    get: async (id: number): Promise<ConversationView> => {
      const found = views.find(one => one.id === id)
      if (found === undefined) throw new Refused('conversation-unknown', 'There is no such conversation.')
      return found
    },
  }
  const list = async ({ before = Number.POSITIVE_INFINITY }: { before?: number }) => {
    await server.beforeAnswer()
    if (server.failing) throw new NoAnswer(pageBroken)
    const fitting = views.filter(({ lastSeq }) => lastSeq < before)
    return { conversations: fitting.slice(0, 2), more: fitting.length > 2 }
  }
  const me = { name: 'me', conversations: { list, get: (id: number) => server.get(id), history: list } }
  return { server, list: new ConversationList(me as unknown as Me, () => (server.missed += 1)) }
}

test('a conversation is not known to be absent before the last page of the list has come', async () => {
  const { server, list } = listServer([view(1, 30), view(2, 20), view(3, 10)])
  const seen: boolean[] = []
  server.beforeAnswer = async () => void seen.push(list.at('@p3').isSettled.value)
  await list.refresh()
  assert.deepEqual(seen, [false, false])
  assert.equal(list.at('@p3').view.value?.id, 3)
  assert.equal(list.at('@nobody').isSettled.value, true)
})

test('a list that did not come leaves all unknown; one that comes later settles it', async () => {
  const { server, list } = listServer([view(1, 30)])
  server.failing = true
  await assert.rejects(list.refresh())
  assert.deepEqual([list.isWhole.value, list.isFailed.value, list.at('@nobody').isSettled.value], [false, true, false])
  server.failing = false
  await list.refresh()
  assert.deepEqual([list.isWhole.value, list.isFailed.value, list.at('@nobody').isSettled.value], [true, false, true])
  list.startOver()
  assert.equal(list.at('@nobody').isSettled.value, false)
})

test('a kept list does not say what is not there', () => {
  const { list } = listServer([])
  list.restore([{ view: view(1, 30) }])
  assert.equal(list.at('@p1').isSettled.value, true)
  assert.equal(list.at('@p2').isSettled.value, false)
})

test('a list from before the stream began anew does not settle what came in between', async () => {
  const { server, list } = listServer([view(1, 30)])
  const { promise, resolve } = Promise.withResolvers<void>()
  server.beforeAnswer = () => promise
  const refreshing = list.refresh()
  list.startOver()
  resolve()
  await refreshing
  assert.equal(list.isWhole.value, false)
})

test('a conversation whose first entry came has begun, also while the server does not say more of it', async () => {
  const views: ConversationView[] = []
  const { server, list } = listServer(views)
  await list.refresh()
  const failing = async () => {
    throw new NoAnswer(pageBroken)
  }
  const get = server.get
  server.get = failing
  list.heard(entry(5, { sender: 'p7' }))
  const conversation = list.at('@p7')
  assert.equal(conversation.isSettled.value, false)
  await conversation.log.openAtEnd()
  assert.equal(conversation.log.hasStart.value, false)
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(server.missed, 1, 'the list is to be asked for again')
  server.get = get
  views.push(view(7, 5))
  await list.refresh()
  assert.equal(conversation.view.value?.id, 7)
})

test('a conversation that could not be asked for is not taken for one that one has left', async () => {
  const { server, list } = listServer([view(1, 30)])
  await list.refresh()
  server.get = async () => {
    throw new NoAnswer(pageBroken)
  }
  await assert.rejects(list.reload(1))
  assert.equal(list.at('@p1').view.value?.id, 1)
  server.get = async () => {
    throw new Refused('conversation-unknown', 'There is no such conversation.')
  }
  await list.reload(1)
  assert.equal(list.at('@p1').view.value, undefined)
})
