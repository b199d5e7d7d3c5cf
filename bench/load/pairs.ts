// The generator of live messages: people on connections of one protocol who send to one another and count what arrives.
// Every text is checked for its place as it is delivered: next of its sender to this receiver, nothing missing or twice.
import { openReader } from '../../src/store/sqlite/reader.ts'
import { Void } from '../contract.ts'
import { latencies } from '../stats.ts'
import { coresUsed, pause, serveLoad } from './process.ts'
import { openHullo } from './wires/hullo.ts'
import { openIrc } from './wires/irc.ts'
import type { OpenWire, Wire, Witness } from './wires/wire.ts'
import { openXmpp } from './wires/xmpp.ts'

export interface PairsSetup {
  readonly wire: 'hullo' | 'irc' | 'xmpp'
  readonly port: number
  readonly names: readonly string[]
  /** Of each account, where the protocol wants one. */
  readonly tokens: readonly string[]
  /** Of each account, to whom it sends, in turns; by index. */
  readonly targets: readonly (readonly number[])[]
  /** The store's file, to look up what is delivered the moment it is; absent for those who have none. */
  readonly witnessFile?: string
}

/** What is known at the end about every sender. */
export interface Ledger {
  readonly sent: readonly number[]
  /** The first so many of each sender were acknowledged. */
  readonly acknowledged: readonly number[]
  /** Per link of a sender, in the order of its targets: how many were delivered; all of them in order. */
  readonly delivered: readonly (readonly number[])[]
  /** Delivered entries that were looked up in the store at that moment, and were there. */
  readonly witnessed: number
}

export interface Saturate {
  readonly kind: 'saturate'
  readonly ms: number
  /** Sends of one sender that may be on the way. */
  readonly window: number
  /** Sent at once when so many are free; a quarter of the window, as long as nothing else is said. */
  readonly burst?: number
}

export interface Paced {
  readonly kind: 'paced'
  readonly ms: number
  readonly perSecond: number
}

const wires: Readonly<Record<PairsSetup['wire'], OpenWire>> = { hullo: openHullo, irc: openIrc, xmpp: openXmpp }

/** Of 127.0.0.0/8, so many connections from each: an address has some 28,000 ports. */
const perAddress = 5_000

/** What is on the way after the end of a round has arrived by then, or never will. */
const drainMsMax = 20_000

/** A delivered entry is looked up in the store this often: often enough to catch a fault, too rare to cost. */
const witnessEveryMs = 20

/** Send times that are kept a sender, for latencies: far more than are ever on the way at half load. */
const timesKept = 1 << 16

interface Person {
  readonly wire: Wire
  readonly targets: readonly number[]
  sent: number
  acknowledged: number
  delivered: number
  /** It is looked at again whether it may send, at the end of this tick. */
  isDue: boolean
  /** When the number was sent, at `number % timesKept`; only in paced rounds. */
  sentAtMs: Float64Array | undefined
}

const people: Person[] = []
/** By sender * people + receiver: deliveries so far. */
let links = new Float64Array(0)
let places = new Int32Array(0)
let witnessed = 0
let deliveredAll = 0
let fault: Error | undefined
let isExpectingLoss = false
let pump: ((sender: Person) => void) | undefined
let times: { readonly values: Float64Array; count: number } | undefined
let acks = false

serveLoad({ setUp, saturate, paced, untilLost, ledger })

async function setUp(setup: PairsSetup): Promise<void> {
  const { names, targets } = setup
  links = new Float64Array(names.length ** 2)
  places = new Int32Array(names.length ** 2).fill(-1)
  for (const [sender, own] of targets.entries()) {
    for (const [place, to] of own.entries()) places[sender * names.length + to] = place
  }
  acks = setup.wire === 'hullo'
  const witness = setup.witnessFile === undefined ? undefined : witnessOf(setup.witnessFile)
  for (let self = 0; self < names.length; self += 1) people.push(await join(setup, self, witness))
}

async function join(setup: PairsSetup, self: number, witness: Witness | undefined): Promise<Person> {
  const { names, tokens, port } = setup
  const targets = setup.targets[self] ?? []
  const options = {
    port,
    self,
    name: names[self] ?? '',
    token: tokens[self] ?? '',
    targets: targets.map(index => names[index] ?? ''),
    from: `127.0.${1 + Math.floor(self / perAddress)}.1`,
    ...(witness === undefined ? {} : { witness }),
  }
  let person: Person | undefined
  const wire = await wires[setup.wire](options, {
    delivered: (sender, number) => deliver(self, sender, number),
    acknowledged(count) {
      if (person === undefined) return
      person.acknowledged += count
      wake(person)
    },
    lost(why) {
      if (!isExpectingLoss) fault ??= why
    },
  })
  person = { wire, targets, sent: 0, acknowledged: 0, delivered: 0, isDue: false, sentAtMs: undefined }
  return person
}

/** A text has come to `receiver`: it is to be the next one of its sender there. */
function deliver(receiver: number, sender: number, number: number): void {
  if (receiver === sender) return // what one has said oneself
  const from = people[sender]
  const link = sender * people.length + receiver
  const place = places[link] ?? -1
  const before = links[link] ?? 0
  const wanted = place + before * (from?.targets.length ?? 0)
  if (from === undefined || place < 0 || number !== wanted) {
    fault ??= new Void(`${receiver} got text ${number} of ${sender} where ${wanted} is next`)
    return
  }
  links[link] = before + 1
  from.delivered += 1
  deliveredAll += 1
  if (times !== undefined && times.count < times.values.length) {
    times.values[times.count] = performance.now() - (from.sentAtMs?.[number % timesKept] ?? 0)
    times.count += 1
  }
  wake(from)
}

/** Once a tick, as the SDK sends: what a frame of many brought lets as many go together, not one after the other. */
function wake(person: Person): void {
  if (person.isDue || pump === undefined) return
  person.isDue = true
  queueMicrotask(() => {
    person.isDue = false
    pump?.(person)
  })
}

/** Reads with a connection of its own: it sees what is committed, and nothing else. */
function witnessOf(file: string): Witness {
  const { reads } = openReader(file)
  let nextMs = 0
  return {
    isDue: () => performance.now() >= nextMs,
    look({ seq, text }) {
      nextMs = performance.now() + witnessEveryMs
      // The store answers within this turn; only the promise takes longer.
      void reads.entriesAt([seq]).then(([entry]) => {
        if (entry?.text === text) witnessed += 1
        else fault ??= new Void(`entry ${seq} was delivered, but the store had ${entry?.text ?? 'nothing'} there`)
      })
    },
  }
}

function send(person: Person, count: number): void {
  person.wire.send(person.sent, count)
  person.sent += count
}

/** Sends as fast as the window lets; what arrives within `ms` counts. */
async function saturate({ ms, window, burst = window / 4 }: Saturate): Promise<Record<string, number>> {
  pump = person => {
    const done = acks ? Math.min(person.acknowledged, person.delivered) : person.delivered
    const room = window - (person.sent - done)
    if (room >= burst) send(person, room)
  }
  return measured(ms, () => {
    for (const person of people) if (person.targets.length > 0) pump?.(person)
  })
}

/** Sends at a given rate, in turns of a millisecond; how long each text takes from its sender to its receiver. */
async function paced({ ms, perSecond }: Paced): Promise<Record<string, number>> {
  times = { values: new Float64Array(Math.ceil((perSecond * ms) / 1_000) + 10_000), count: 0 }
  const senders = people.filter(person => person.targets.length > 0)
  for (const person of senders) person.sentAtMs ??= new Float64Array(timesKept)
  const beganMs = performance.now()
  let lastTurnMs = beganMs
  let sent = 0
  const turn = () => {
    const atMs = performance.now()
    if (atMs - beganMs >= ms) return
    const due = Math.floor(((atMs - beganMs) * perSecond) / 1_000)
    // A turn that comes late is not to hide it: from its due time on the message waits.
    const fromMs = Math.max(beganMs + ((sent + 1) * 1_000) / perSecond, Math.min(atMs, lastTurnMs + 1))
    for (const [index, person] of senders.entries()) {
      const share = shareOf(due, senders.length, index) - shareOf(sent, senders.length, index)
      for (let number = person.sent; number < person.sent + share; number += 1) {
        if (person.sentAtMs !== undefined) person.sentAtMs[number % timesKept] = fromMs
      }
      if (share > 0) send(person, share)
    }
    sent = due
    lastTurnMs = atMs
    setTimeout(turn, 0)
  }
  const figures = await measured(ms, turn)
  const found = latencies(times.values.subarray(0, times.count))
  times = undefined
  return { ...figures, ...found }
}

/** How many of the first `count` are of the sender at `index`, where they take turns. */
function shareOf(count: number, senders: number, index: number): number {
  return Math.floor((count + senders - 1 - index) / senders)
}

async function measured(ms: number, begin: () => void): Promise<Record<string, number>> {
  const before = { delivered: deliveredAll, ...seen() }
  const cpu = process.cpuUsage()
  const beganMs = performance.now()
  begin()
  await pause(ms)
  const elapsedMs = performance.now() - beganMs
  const delivered = deliveredAll - before.delivered
  const { frames, reads } = seen()
  const loadCores = coresUsed(cpu, elapsedMs)
  pump = undefined
  await drained()
  return {
    perSecond: (delivered * 1_000) / elapsedMs,
    perRead: delivered / Math.max(1, reads - before.reads),
    ...(frames > before.frames ? { perFrame: delivered / (frames - before.frames) } : {}),
    loadCores,
  }
}

function seen(): { frames: number; reads: number } {
  // Where some only receive, what the others see is their own texts, and those are not what was delivered.
  const receivers = people.filter(person => person.targets.length === 0)
  let frames = 0
  let reads = 0
  for (const { wire } of receivers.length > 0 ? receivers : people) {
    frames += wire.seen.frames
    reads += wire.seen.reads
  }
  return { frames, reads }
}

/** Until everything that was sent has arrived and is acknowledged. */
async function drained(): Promise<void> {
  const latestMs = performance.now() + drainMsMax
  const isOnTheWay = () => people.some(one => one.delivered < one.sent || (acks && one.acknowledged < one.sent))
  while (isOnTheWay()) {
    if (fault !== undefined) throw fault
    if (performance.now() > latestMs) throw new Void(`after ${drainMsMax} ms texts are still on the way`)
    await pause(5)
  }
  if (fault !== undefined) throw fault
}

/** Goes on sending until the server is gone, which is somebody else's doing. */
async function untilLost({ window }: { window: number }): Promise<void> {
  isExpectingLoss = true
  pump = person => {
    const room = window - (person.sent - Math.min(person.acknowledged, person.delivered))
    if (room >= window / 4) send(person, room)
  }
  for (const person of people) if (person.targets.length > 0) pump(person)
}

/** The books. After the server was killed, what was still in the sockets is read first. */
async function ledger(): Promise<Ledger> {
  pump = undefined
  await pause(200)
  if (fault !== undefined) throw fault
  for (const { wire } of people) wire.close()
  return {
    sent: people.map(one => one.sent),
    acknowledged: people.map(one => one.acknowledged),
    delivered: people.map((one, self) => one.targets.map(to => links[self * people.length + to] ?? 0)),
    witnessed,
  }
}
