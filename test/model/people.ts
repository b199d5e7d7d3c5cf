// The people of a simulated run and what they do, each at random: through the core's verbs, as the transports call them.
import { Refusal } from '../../src/protocol/refusals.ts'
import type { Address } from '../../src/protocol/v1.ts'
import type { Account, AccountId, ConversationId, Seq } from '../../src/store/store.ts'
import type { Stored } from '../../src/core/conversations/messages.ts'
import type { MemberChange } from '../../src/core/conversations/rooms.ts'
import type { Chance } from './chance.ts'
import { curse, type Disk } from './disk.ts'
import type { Node } from './node.ts'
import type { Record, Sent, Told } from './record.ts'

export interface Actor {
  readonly account: AccountId
  readonly name: string
  /** Of its sessions, the oldest first; the last one is used. */
  readonly tokens: string[]
}

export interface Room {
  readonly name: string
  readonly conversation: ConversationId
}

export interface Scene {
  readonly chance: Chance
  readonly disk: Disk
  readonly record: Record
  readonly people: readonly Actor[]
  readonly rooms: Room[]
  /** Messages that were acknowledged, for edits and deletes. */
  readonly said: Seq[]
}

export type Act = (scene: Scene, node: Node, actor: Account) => Promise<void>

/** Each act with how often it is chosen. */
export const acts: Readonly<{ [name: string]: { readonly weight: number; readonly act: Act } }> = {
  send: { weight: 40, act: send },
  again: { weight: 6, act: sendAgain },
  edit: {
    weight: 6,
    act: ({ chance, said }, node, actor) =>
      onSaid(said, chance, at => node.messages.edit(actor, at, `edited ${chance.below(1_000)}`)),
  },
  delete: {
    weight: 4,
    act: ({ chance, said }, node, actor) => onSaid(said, chance, at => node.messages.delete(actor, at)),
  },
  create: { weight: 6, act: createRoom },
  room: { weight: 18, act: changeRoom },
  member: { weight: 18, act: changeMember },
  block: { weight: 5, act: block },
  soft: { weight: 4, act: soft },
  'sign-in': { weight: 3, act: signIn },
  'end-session': { weight: 2, act: endSession },
  password: { weight: 1, act: changePassword },
  'delete-account': { weight: 0.4, act: deleteAccount },
}

async function send(scene: Scene, node: Node, actor: Account): Promise<void> {
  const { chance, record } = scene
  const count = chance.pick([1, 1, 1, 2, 5])
  const sent = Array.from({ length: count }, (): Sent => {
    const id = record.sends.length
    const one: Sent = {
      sender: actor.id,
      to: address(scene),
      text: `${chance.odds(0.02) ? curse : ''}m${id} ${'x'.repeat(chance.pick([0, 0, 10, 300]))}`,
      clientId: chance.odds(0.5) ? `c${id}` : undefined,
      sentAtS: 1_000 + id / 2,
      told: [],
    }
    record.sends.push(one)
    return one
  })
  await sendAll(scene, node, actor, sent)
}

/** As a client library does: what was in doubt, or was answered and the answer lost, under the same client id. */
async function sendAgain(scene: Scene, node: Node, actor: Account): Promise<void> {
  const own = scene.record.sends.filter(({ sender, clientId }) => sender === actor.id && clientId !== undefined)
  if (own.length > 0) await sendAll(scene, node, actor, [scene.chance.pick(own)])
}

async function sendAll({ record, said }: Scene, node: Node, actor: Account, sent: readonly Sent[]): Promise<void> {
  // Until it is answered each of them is in doubt; so it stays where the process is killed first.
  const told: Told[][] = sent.map(({ told: all }) => {
    all.push({ kind: 'unknown' })
    return all
  })
  const places = told.map(all => all.length - 1)
  const drafts = sent.map(({ to, text, clientId, sentAtS }) => {
    return { to: to as Address, text, sentAt: sentAtS, ...(clientId === undefined ? {} : { clientId }) }
  })
  const results = await node.messages.sendMany(actor, drafts)
  let last = 0
  for (const [at, result] of results.entries()) {
    ;(told[at] as Told[])[places[at] as number] = toldOf(result)
    if (result instanceof Refusal) continue
    said.push(result.seq)
    if (result.repeated) continue
    if (result.seq <= last) record.findings.push(`of messages sent together ${result.seq} came after ${last}`)
    last = result.seq
  }
}

function toldOf(result: Stored | Refusal): Told {
  if (!(result instanceof Refusal)) return { kind: 'stored', seq: result.seq, repeated: result.repeated }
  return result.code === 'outcome-unknown' ? { kind: 'unknown' } : { kind: 'refused', code: result.code }
}

function address({ chance, people, rooms }: Scene): string {
  const toRoom = rooms.length > 0 && chance.odds(0.6)
  return toRoom ? `#${chance.pick(rooms).name}` : `@${chance.pick(people).name}`
}

async function onSaid(said: readonly Seq[], chance: Chance, act: (at: Seq) => Promise<unknown>): Promise<void> {
  if (said.length > 0) await act(chance.pick(said.slice(-20)))
}

async function createRoom({ chance, rooms, disk }: Scene, node: Node, actor: Account): Promise<void> {
  if (rooms.length >= 3) return
  const name = `r${disk.head}-${chance.below(1_000)}`
  const history = chance.pick(['all', 'from-joining'] as const)
  const room = await node.rooms.create(actor, { name, private: chance.odds(0.3), history })
  if (!(room instanceof Refusal)) rooms.push({ name, conversation: room.id })
}

async function changeRoom({ chance, rooms }: Scene, node: Node, actor: Account): Promise<void> {
  if (rooms.length === 0) return
  const { conversation } = chance.pick(rooms)
  const what = chance.weighted({ join: 50, leave: 25, close: 4, reopen: 12, topic: 9 })
  await node.rooms.change(actor, conversation, what === 'topic' ? { what, text: `t${chance.below(9)}` } : { what })
}

async function changeMember({ chance, rooms, people }: Scene, node: Node, actor: Account): Promise<void> {
  if (rooms.length === 0) return
  const { conversation } = chance.pick(rooms)
  const what = chance.weighted({ invite: 45, remove: 30, role: 12, silence: 4, unsilence: 9 })
  const change: MemberChange = what === 'role' ? { what, role: chance.pick(['owner', 'member']) } : { what }
  await node.rooms.changeMember(actor, conversation, chance.pick(people).name, change)
}

async function block({ chance, people }: Scene, node: Node, actor: Account): Promise<void> {
  const other = chance.pick(people).account
  await node.committer.submitOne({ kind: chance.odds(0.4) ? 'block' : 'unblock', account: actor.id, other })
}

async function soft(scene: Scene, node: Node, actor: Account): Promise<void> {
  const { chance, rooms, disk } = scene
  if (chance.odds(0.5)) await node.soft.typing(actor, address(scene))
  else if (rooms.length > 0) {
    await node.soft.markRead(actor, chance.pick(rooms).conversation, chance.below(disk.head + 1))
  }
}

export async function signIn({ people, record, disk }: Scene, node: Node, actor: Account): Promise<void> {
  const opened = await node.sessions.open(actor, 'simulated')
  if (opened instanceof Refusal) return
  people.find(({ account }) => account === actor.id)?.tokens.push(opened.token)
  record.sessions.push({ session: opened.session.id, account: actor.id, from: disk.head })
}

async function endSession({ chance, record }: Scene, node: Node, actor: Account): Promise<void> {
  const own = record.sessions.filter(({ account }) => account === actor.id)
  if (own.length > 0) await node.sessions.end(actor.id, chance.pick(own).session)
}

async function changePassword({ chance, record }: Scene, node: Node, actor: Account): Promise<void> {
  const own = record.sessions.filter(({ account }) => account === actor.id)
  const keep = own.length > 0 && chance.odds(0.5) ? chance.pick(own).session : null
  const password = `phc ${chance.below(1_000)}`
  await node.committer.submitOne({ kind: 'set-password', account: actor.id, password, passwordRule: 1, keep })
}

async function deleteAccount(_scene: Scene, node: Node, actor: Account): Promise<void> {
  await node.committer.submitOne({ kind: 'delete-account', account: actor.id })
  await node.committer.submitOne({ kind: 'erase-some', account: actor.id, limit: 1_000 })
}
