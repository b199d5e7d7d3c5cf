// One simulated run: a seed, some hundred acts of some people, readers that come and go, faults and crashes; then
// everything is let come to rest and judged.
import { Refusal } from '../../src/protocol/refusals.ts'
import type { Deliver } from '../../src/core/log/tail.ts'
import { Chance, Time, turns } from './chance.ts'
import type { Disk, DiskPlan, Workshop } from './disk.ts'
import { judge } from './judge.ts'
import { type Node, startNode } from './node.ts'
import { acts, type Actor, type Scene, signIn } from './people.ts'
import { SimPoller } from './poller.ts'
import { SimReader } from './reader.ts'
import { Chain, newRecord } from './record.ts'
import { worldOf } from './world.ts'

/** A bug that is put in on purpose, for the harness to find. */
export type Planted = 'none' | 'acknowledge-before-commit' | 'cut-over-without-overlap' | 'membership-past-removal'

const actsOfARun = 450

/** What is wrong with the run of a seed, in sentences; empty where all is well. */
export async function runSeed(workshop: Workshop, seed: number, planted: Planted = 'none'): Promise<string[]> {
  const chance = new Chance(seed)
  const plan: DiskPlan = { chance, faulty: false, answersBeforeCommit: planted === 'acknowledge-before-commit' }
  using disk = workshop.disk(plan)
  const run = new Run(chance, plan, disk, plantOf(planted))
  await run.begin()
  await run.play()
  await run.rest()
  return judge(run.scene.record, await worldOf(disk.reads, run.scene.people))
}

class Run {
  readonly scene: Scene
  readonly #plan: DiskPlan
  readonly #time = new Time()
  readonly #readers: SimReader[] = []
  readonly #pollers: SimPoller[] = []
  readonly #people: Actor[] = []
  readonly #plant: (deliver: Deliver) => Deliver
  #node: Node | undefined
  #underWay = new Set<Promise<void>>()

  constructor(chance: Chance, plan: DiskPlan, disk: Disk, plant: (deliver: Deliver) => Deliver) {
    this.#plan = plan
    this.#plant = plant
    this.scene = { chance, disk, record: newRecord(), people: this.#people, rooms: [], said: [] }
  }

  /** People, signed in, and their readers. */
  async begin(): Promise<void> {
    const { chance, disk, record } = this.scene
    const node = await this.#start()
    for (let person = 0; person < 4 + chance.below(2); person += 1) {
      const name = `p${person}`
      const written = await node.committer.submitOne({
        kind: 'register',
        name,
        nameKey: name,
        password: 'phc',
        passwordRule: 1,
      })
      if (written instanceof Refusal || written.kind !== 'registered') throw new Error('nobody was registered')
      this.#people.push({ account: written.account, name, tokens: [] })
      await this.#as(person, node, (account, at) => signIn(this.scene, at, account))
    }
    const { epoch } = (await disk.reads.epochs()).at(-1) ?? { epoch: '' }
    for (const { account, name } of this.#people) {
      for (const cursor of [undefined, `${epoch}.0.0`]) {
        const chain = new Chain(account, name, record.findings, cursor)
        record.chains.push(chain)
        this.#readers.push(new SimReader(chain, chance, disk))
      }
    }
    for (const { account, name } of this.#people) {
      const chain = new Chain(account, name, record.findings, `${epoch}.0.0`)
      record.chains.push(chain)
      this.#pollers.push(new SimPoller(chain, chance, disk))
    }
    this.#plan.faulty = true
  }

  async play(): Promise<void> {
    const { chance } = this.scene
    const weights = Object.fromEntries(Object.entries(acts).map(([name, { weight }]) => [name, weight]))
    for (let act = 0; act < actsOfARun; act += 1) {
      const node = this.#node?.isAlive() === true ? this.#node : await this.#start()
      const what = chance.weighted({ act: 66, connect: 16, disconnect: 6, poll: 6, time: 6, kill: 0.8 })
      if (what === 'act') this.#launch(acts[chance.weighted(weights)]?.act ?? signIn, node)
      else if (what === 'connect') this.#connect(chance.pick(this.#readers), node)
      else if (what === 'disconnect') chance.pick(this.#readers).disconnect()
      else if (what === 'poll') this.#run(chance.pick(this.#pollers).ask(node))
      else if (what === 'time') this.#time.advance(chance.pick([10, 300, 1_000, 20_000]))
      else this.#kill(node)
      await turns(chance.pick([0, 0, 1, 2, 8]))
    }
  }

  /** No faults any more: everything is answered, and every reader that may gets to the head. */
  async rest(): Promise<void> {
    const { disk, record } = this.scene
    this.#plan.faulty = false
    const node = this.#node?.isAlive() === true ? this.#node : await this.#start()
    // Before they sign in: what is under way may end sessions.
    for (let turn = 0; turn < 400 && this.#underWay.size > 0; turn += 1) await turns(10)
    for (const person of this.#people.keys()) {
      await this.#as(person, node, (account, at) => signIn(this.scene, at, account))
    }
    for (const reader of this.#readers) reader.hurry()
    // The slowest, an entry at a time from a slow disk, is there in a sixth of that.
    for (let turn = 0; turn < 3_000; turn += 1) {
      const late: SimReader[] = []
      for (const reader of this.#readers) if (await this.#isLate(reader)) late.push(reader)
      if (late.length === 0 && this.#underWay.size === 0) break
      for (const reader of late) if (!reader.isConnected) this.#connect(reader, node)
      this.#time.advance(1_000)
      await turns(10)
    }
    for (const poller of this.#pollers) {
      for (let page = 0; page < 3_000 && (await this.#isLate(poller)); page += 1) await poller.ask(node)
    }
    for (const reader of [...this.#readers, ...this.#pollers]) {
      const { name, at } = reader.chain
      if (!(await this.#isLate(reader))) continue
      record.findings.push(`a reader of ${name} stays at ${at}, with the head at ${disk.head}`)
    }
    if (this.#underWay.size > 0) record.findings.push(`${this.#underWay.size} acts were never answered`)
    this.#kill(node)
    await turns(20)
  }

  async #isLate({ chain }: { readonly chain: Chain }): Promise<boolean> {
    const { disk } = this.scene
    return chain.at < disk.head && (await disk.reads.accountById(chain.account)) !== undefined
  }

  async #start(): Promise<Node> {
    const { chance, disk } = this.scene
    for (;;) {
      const node = await startNode({ disk, chance, time: this.#time, plant: this.#plant })
      this.#node = node
      if (node !== undefined) return node
    }
  }

  #kill(node: Node): void {
    node.kill()
    this.#underWay = new Set()
    for (const reader of this.#readers) reader.disconnect()
  }

  #connect(reader: SimReader, node: Node): void {
    const person = this.#people.find(({ account }) => account === reader.chain.account)
    const token = person?.tokens.at(-1)
    if (token !== undefined) reader.connect(node, token)
  }

  /** Begins an act of somebody's; it goes on by itself. */
  #launch(act: (typeof acts)[string]['act'], node: Node): void {
    const person = this.scene.chance.below(this.#people.length)
    this.#run(this.#as(person, node, (account, at) => act(this.scene, at, account)))
  }

  #run(begun: Promise<void>): void {
    const underWay = begun
      // A read that failed: whoever asked was told that something broke, and is in doubt.
      .catch((error: Error) => {
        if (!error.message.endsWith('as planned')) this.scene.record.findings.push(error.stack ?? error.message)
      })
      .finally(() => this.#underWay.delete(underWay))
    this.#underWay.add(underWay)
  }

  async #as(person: number, node: Node, act: (account: Parameters<typeof signIn>[2], node: Node) => Promise<void>) {
    const { account: id } = this.#people[person] as Actor
    const account = await this.scene.disk.reads.accountById(id)
    if (account !== undefined) await act(account, node)
  }
}

function plantOf(planted: Planted): (deliver: Deliver) => Deliver {
  if (planted === 'cut-over-without-overlap') {
    return deliver => async batch => {
      const handOn = await deliver(batch)
      handOn()
      // The step of the tail comes in another turn: who reads the store up to it in between has missed the batch.
      await turns(1)
      return () => {}
    }
  }
  if (planted === 'membership-past-removal') {
    return deliver => async batch => {
      const copies = batch.map(({ entry, prev }) => ({ entry: { ...entry }, prev }))
      const handOn = await deliver(copies)
      // What is shown is right; what the index makes of it is not.
      for (const { entry } of copies) if (entry.kind === 'leave' || entry.kind === 'remove') entry.kind = 'topic'
      return handOn
    }
  }
  return deliver => deliver
}
