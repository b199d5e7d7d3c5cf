// One run against real processes: a server that is killed with kill -9 and started again, people who write over both
// transports, devices that follow over both; judged by the same model as the simulated runs.
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { DraftView, SendResult, SignedIn } from '../../src/protocol/v1.ts'
import { openReader } from '../../src/store/sqlite/reader.ts'
import type { Reads } from '../../src/store/store.ts'
import { callV1, startV1, temporaryFolder, type V1Server } from '../v1/support.ts'
import { Chance } from './chance.ts'
import { Device, type Ticket } from './device.ts'
import { judge } from './judge.ts'
import { Chain, newRecord, type Sent, type Told } from './record.ts'
import { worldOf } from './world.ts'

const actsOfARun = 120
const password = 'a good password'

interface Person {
  readonly account: number
  readonly name: string
  /** Its sessions; the last one is used. */
  readonly tickets: Omit<Ticket, 'url'>[]
  readonly devices: readonly Device[]
}

/** What is wrong with the run of a seed, in sentences. Its choices are the seed's, its timing is the machine's. */
export async function runProcesses(seed: number): Promise<string[]> {
  using folder = temporaryFolder()
  await using run = new ProcessRun(new Chance(seed), folder.dir)
  await run.begin()
  await run.play()
  await run.rest()
  return run.judged()
}

class ProcessRun implements AsyncDisposable {
  readonly #chance: Chance
  readonly #dir: string
  readonly #record = newRecord()
  readonly #people: Person[] = []
  readonly #rooms: { readonly id: number; readonly name: string }[] = []
  readonly #said: number[] = []
  readonly #underWay = new Set<Promise<unknown>>()
  #server: V1Server | undefined
  #reads: Reads | undefined
  #close = () => {}

  constructor(chance: Chance, dir: string) {
    this.#chance = chance
    this.#dir = dir
  }

  /** Starts the server, and makes people with their devices. */
  async begin(): Promise<void> {
    await this.#start()
    const reader = openReader(join(this.#dir, 'hullo.sqlite'))
    this.#reads = reader.reads
    this.#close = () => reader.close()
    const { epoch } = (await reader.reads.epochs()).at(-1) ?? { epoch: '' }
    for (let person = 0; person < 4; person += 1) {
      const name = `p${person}`
      const made = await this.#call('POST', '/v1/accounts', { json: { name, password } })
      if (made?.status !== 201) throw new Error(`registering was answered with ${made?.status}`)
      const { id: account } = made.json as { id: number }
      const devices = [undefined, `${epoch}.0.0`].map((cursor, at) => {
        const chain = new Chain(account, name, this.#record.findings, cursor)
        this.#record.chains.push(chain)
        const isSse = (person + at) % 2 === 0
        return new Device(chain, { chance: this.#chance, head: () => reader.reads.head(), isSse })
      })
      const one = { account, name, tickets: [], devices }
      this.#people.push(one)
      await this.#signIn(one)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { devices } of this.#people) for (const device of devices) await device.cut()
    this.#close()
    await this.#server?.[Symbol.asyncDispose]()
  }

  async play(): Promise<void> {
    const kills = new Set([30 + this.#chance.below(30), 70 + this.#chance.below(40)])
    for (let act = 0; act < actsOfARun; act += 1) {
      if (kills.has(act)) await this.#killAndStart()
      const what = this.#chance.weighted({ send: 40, room: 26, said: 8, block: 3, session: 4, connect: 20, cut: 5 })
      const underWay = this.#act(what).finally(() => this.#underWay.delete(underWay))
      this.#underWay.add(underWay)
      if (this.#underWay.size > 8) await Promise.race(this.#underWay)
      if (this.#chance.odds(0.3)) await after(this.#chance.below(20))
    }
  }

  /** Everything is answered, and every device comes back once more and reads to the head. */
  async rest(): Promise<void> {
    await Promise.all(this.#underWay)
    for (const person of this.#people) await this.#signIn(person)
    const head = (await this.#reads?.head()) ?? 0
    for (const { devices, tickets } of this.#people) {
      for (const device of devices) await device.connect(this.#ticket(tickets), false)
    }
    const untilMs = Date.now() + 30_000
    for (const { devices, tickets, name } of this.#people) {
      for (const device of devices) {
        while (device.chain.at < head && Date.now() < untilMs) {
          if (!device.isConnected) await device.connect(this.#ticket(tickets), false)
          await after(20)
        }
        if (device.chain.at < head) {
          this.#record.findings.push(`a reader of ${name} stays at ${device.chain.at}, with the head at ${head}`)
        }
      }
    }
  }

  async judged(): Promise<string[]> {
    if (this.#reads === undefined) throw new Error('it has not begun')
    return judge(this.#record, await worldOf(this.#reads, this.#people))
  }

  async #start(): Promise<void> {
    this.#server = await startV1([], this.#dir)
  }

  async #killAndStart(): Promise<void> {
    const program = this.#server?.program
    program?.child.kill('SIGKILL')
    await program?.ended
    await this.#start()
  }

  /** An answer, or undefined where there was none: the server may be gone. */
  async #call(method: string, path: string, more: Parameters<typeof callV1>[3]) {
    const url = this.#server?.url ?? ''
    return callV1(url, method, path, more).catch(() => undefined)
  }

  #ticket(tickets: Person['tickets']): Ticket {
    const last = tickets.at(-1)
    if (last === undefined) throw new Error('nobody is signed in')
    return { ...last, url: this.#server?.url ?? '' }
  }

  async #act(what: string): Promise<void> {
    const chance = this.#chance
    const person = chance.pick(this.#people)
    const { token } = this.#ticket(person.tickets)
    if (what === 'send') await this.#send(person)
    else if (what === 'room') await this.#changeRoom(token)
    else if (what === 'said' && this.#said.length > 0) {
      const path = `/v1/messages/${chance.pick(this.#said.slice(-20))}`
      if (chance.odds(0.6)) await this.#call('PATCH', path, { token, json: { text: `edited ${chance.below(99)}` } })
      else await this.#call('DELETE', path, { token })
    } else if (what === 'block') {
      const other = chance.pick(this.#people).name
      await this.#call(chance.odds(0.4) ? 'PUT' : 'DELETE', `/v1/blocks/${other}`, { token })
    } else if (what === 'session') await this.#changeSession(person)
    else if (what === 'connect') {
      await chance.pick(person.devices).connect(this.#ticket(person.tickets), chance.odds(0.3))
    } else if (what === 'cut') await chance.pick(person.devices).cut()
  }

  async #changeRoom(token: string): Promise<void> {
    const chance = this.#chance
    if (this.#rooms.length < 2) {
      const json = { name: `r${this.#record.sends.length}-${chance.below(1_000)}`, private: chance.odds(0.3) }
      const made = await this.#call('POST', '/v1/rooms', { token, json })
      if (made?.status === 201) this.#rooms.push(made.json as { id: number; name: string })
      return
    }
    const room = `/v1/rooms/${chance.pick(this.#rooms).id}`
    const what = chance.weighted({ join: 35, leave: 20, invite: 30, remove: 15, role: 8 })
    const member = `${room}/members/${chance.pick(this.#people).name}`
    if (what === 'join' || what === 'leave') await this.#call('POST', `${room}/${what}`, { token })
    else if (what === 'invite') await this.#call('PUT', member, { token })
    else if (what === 'remove') await this.#call('DELETE', member, { token })
    else await this.#call('PUT', `${member}/role`, { token, json: { role: chance.pick(['owner', 'member']) } })
  }

  async #signIn(person: Person): Promise<void> {
    const answer = await this.#call('POST', '/v1/sessions', { json: { name: person.name, password } })
    if (answer?.status !== 201) return
    const { token, session } = answer.json as SignedIn
    person.tickets.push({ token, session: session.id })
    const from = (await this.#reads?.head()) ?? 0
    this.#record.sessions.push({ session: session.id, account: person.account, from })
  }

  /** Signs in anew and ends the session before, with the devices that use it. */
  async #changeSession(person: Person): Promise<void> {
    const { token, session } = this.#ticket(person.tickets)
    await this.#signIn(person)
    if (person.tickets.at(-1)?.session !== session) await this.#call('DELETE', `/v1/sessions/${session}`, { token })
  }

  async #send(person: Person): Promise<void> {
    const chance = this.#chance
    const old = this.#record.sends.filter(({ sender, clientId }) => sender === person.account && clientId !== undefined)
    const isBurst = chance.odds(0.04)
    const count = isBurst ? 200 : chance.pick([1, 1, 3])
    const sent =
      old.length > 0 && chance.odds(0.15)
        ? [chance.pick(old)]
        : this.#newMessages(person, count, isBurst ? 4_000 : chance.pick([0, 200]))
    const told: Told[][] = sent.map(one => one.told)
    const places = told.map(all => all.push({ kind: 'unknown' }) - 1)
    const results = await this.#transmit(person, sent.map(draftOf))
    for (const [at, result] of (results ?? []).entries()) {
      ;(told[at] as Told[])[places[at] as number] = toldOf(result)
      if ('seq' in result) this.#said.push(result.seq)
    }
  }

  #newMessages({ account: sender }: Person, count: number, padding: number): Sent[] {
    const chance = this.#chance
    const to = this.#rooms.length > 0 && chance.odds(0.6) ? `#${chance.pick(this.#rooms).name}` : undefined
    return Array.from({ length: count }, () => {
      const id = this.#record.sends.length
      const clientId = chance.odds(0.5) ? `c${id}` : undefined
      const text = `m${id} ${'x'.repeat(padding)}`
      const one = {
        sender,
        to: to ?? `@${chance.pick(this.#people).name}`,
        text,
        clientId,
        sentAtS: 1_000 + id / 2,
        told: [],
      }
      this.#record.sends.push(one)
      return one
    })
  }

  async #transmit({ devices, tickets }: Person, messages: readonly DraftView[]) {
    const device = devices.find(({ isConnected }) => isConnected)
    if (device !== undefined && this.#chance.odds(0.5)) return device.send(messages)
    const { token } = this.#ticket(tickets)
    const answer = await this.#call('POST', '/v1/messages', { token, json: { messages } })
    if (answer === undefined) return undefined
    if (answer.status === 200) return (answer.json as { results: readonly SendResult[] }).results
    return messages.map(() => answer.json as { code: string; detail: string }).map(refusedAs)
  }
}

function draftOf({ to, text, clientId, sentAtS }: Sent): DraftView {
  return { to: to as DraftView['to'], text, sentAt: sentAtS, ...(clientId === undefined ? {} : { clientId }) }
}

function refusedAs({ code, detail }: { code: string; detail: string }): SendResult {
  return { error: code, message: detail }
}

function toldOf(result: SendResult): Told {
  if ('seq' in result) return { kind: 'stored', seq: result.seq, repeated: result.repeated }
  return result.error === 'outcome-unknown' ? { kind: 'unknown' } : { kind: 'refused', code: result.error }
}
