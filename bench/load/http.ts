// The generator of HTTP: a number of connections, each with one request under way and the next one right after its answer;
// or requests at a given rate. A server that closes after each answer is connected to anew, as its clients would.
import { connect, type Socket } from 'node:net'
import { Void } from '../contract.ts'
import { latencies } from '../stats.ts'
import { coresUsed, pause, serveLoad } from './process.ts'
import { type Asked, type Requests, type RequestSetup, requestsOf } from './requests.ts'
import { ResponseReader } from './response-reader.ts'
import { Scanner } from './texts.ts'

export interface HttpRound {
  readonly ms: number
  readonly connections: number
  /** Requests a second, over all connections; as many as can be where it is absent. */
  readonly perSecond?: number
}

/** What is known at the end of each sender's messages. */
export interface HttpLedger {
  readonly sent: readonly number[]
  /** Acknowledged requests as pairs: the number of the first message, and how many. */
  readonly acknowledged: readonly (readonly number[])[]
}

/** Latencies that are kept of a round. */
const timesMax = 2_000_000

interface Connection {
  readonly index: number
  asked: Asked | undefined
  askedAtMs: number
  socket: Socket | undefined
  /** Of the answer that is coming in. */
  texts: number
}

let setup: RequestSetup | undefined
let requests: Requests | undefined
let acknowledged: number[][] = []
let fault: Error | undefined
let isRunning = false
let isExpectingLoss = false
let answered = 0
let messages = 0
let bodyBytes = 0
let texts = 0
let underWay = 0
let times = new Float64Array(0)
let connections: Connection[] = []
let idle: Connection[] = []
let pacing = false

serveLoad({ setUp, round, untilLost, ledger })

function setUp(given: RequestSetup): void {
  setup = given
  requests = requestsOf(given)
  acknowledged = given.names.map(() => [])
}

async function round({ ms, connections: count, perSecond }: HttpRound): Promise<Record<string, number>> {
  answered = messages = bodyBytes = texts = 0
  times = new Float64Array(timesMax)
  connections = Array.from({ length: count }, (_, index) => connectionAt(index))
  await Promise.all(connections.map(open))
  const cpu = process.cpuUsage()
  const beganMs = performance.now()
  isRunning = true
  pacing = perSecond !== undefined
  idle = []
  if (perSecond === undefined) for (const connection of connections) ask(connection)
  else pace(perSecond, ms)
  await pause(ms)
  const elapsedMs = performance.now() - beganMs
  const loadCores = coresUsed(cpu, elapsedMs)
  const figures = {
    perSecond: (answered * 1_000) / elapsedMs,
    messagesPerSecond: (messages * 1_000) / elapsedMs,
    bodyBytesPerSecond: (bodyBytes * 1_000) / elapsedMs,
    textsPerSecond: (texts * 1_000) / elapsedMs,
    ...latencies(times.subarray(0, Math.min(answered, timesMax))),
    loadCores,
  }
  isRunning = false
  while (isAnswering()) await pause(2)
  for (const { socket } of connections) socket?.destroy()
  if (fault !== undefined) throw fault
  return figures
}

function isAnswering(): boolean {
  return underWay > 0 && fault === undefined
}

function connectionAt(index: number): Connection {
  return { index, asked: undefined, askedAtMs: 0, socket: undefined, texts: 0 }
}

/** Counts the texts of an answer as it streams by: it may be longer than one would keep. */
function countTexts(connection: Connection): (part: Buffer) => void {
  const scanner = new Scanner(() => {
    connection.texts += 1
    texts += 1
  })
  return part => {
    bodyBytes += part.length
    scanner.take(part)
  }
}

/** Asks at a rate, from connections that are free; what finds none free waits, and its time counts from when it was due. */
function pace(perSecond: number, ms: number): void {
  idle = [...connections]
  const beganMs = performance.now()
  let asked = 0
  const turn = () => {
    const atMs = performance.now()
    if (atMs - beganMs >= ms || !isRunning) return
    const due = Math.floor(((atMs - beganMs) * perSecond) / 1_000)
    while (asked < due) {
      const connection = idle.pop()
      if (connection === undefined) break
      ask(connection)
      // Timers are late by up to a millisecond: that much is not the server's.
      connection.askedAtMs = Math.min(atMs, beganMs + ((asked + 1) * 1_000) / perSecond + 1)
      asked += 1
    }
    setTimeout(turn, 0)
  }
  turn()
}

function open(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: setup?.port ?? 0, host: '127.0.0.1', noDelay: true })
    connection.socket = socket
    let isLast = false
    const reader = new ResponseReader(
      response => {
        isLast = response.isLast
        if (connection.asked !== undefined) finish(connection, connection.asked, response)
        // A connection that the server closes is opened anew for the next request.
        if (isRunning && !isLast) goOn(connection)
      },
      setup?.textsEach === undefined ? undefined : countTexts(connection),
    )
    socket.on('data', (chunk: Buffer) => reader.take(chunk))
    socket.once('connect', () => resolve())
    socket.on('error', error => {
      reject(error)
      if (!isExpectingLoss) fault ??= error
    })
    socket.on('close', () => {
      const isWhole = reader.end()
      if (!isWhole || (connection.asked !== undefined && !isExpectingLoss)) lost(connection)
      else if (isRunning) open(connection).then(() => goOn(connection), lostAnyway)
    })
  })
}

function lost(connection: Connection): void {
  if (isExpectingLoss || !isRunning) return
  fault ??= new Error(`connection ${connection.index} was closed in the middle of an answer`)
}

function lostAnyway(error: unknown): void {
  if (!isExpectingLoss) fault ??= error instanceof Error ? error : new Error(String(error))
}

function goOn(connection: Connection): void {
  if (pacing) idle.push(connection)
  else ask(connection)
}

function ask(connection: Connection): void {
  const asked = requests?.next(connection.index)
  if (asked === undefined || connection.socket === undefined) return
  connection.asked = asked
  connection.askedAtMs = performance.now()
  underWay += 1
  connection.socket.write(asked.bytes, 'latin1')
}

function finish(connection: Connection, asked: Asked, response: Parameters<Requests['check']>[0]): void {
  connection.asked = undefined
  underWay -= 1
  try {
    requests?.check(response, asked)
    if (setup?.textsEach !== undefined && connection.texts !== setup.textsEach) {
      throw new Void(`an answer has ${connection.texts} of ${setup.textsEach} texts`)
    }
    connection.texts = 0
  } catch (error) {
    lostAnyway(error)
    return
  }
  if (asked.messages > 0) acknowledged[asked.sender]?.push(asked.first, asked.messages)
  if (!isRunning) return
  if (answered < timesMax) times[answered] = performance.now() - connection.askedAtMs
  answered += 1
  messages += asked.messages
}

/** Goes on asking until the server is gone, which is somebody else's doing. */
async function untilLost({ connections: count }: { connections: number }): Promise<void> {
  isExpectingLoss = true
  connections = Array.from({ length: count }, (_, index) => connectionAt(index))
  await Promise.all(connections.map(open))
  isRunning = true
  pacing = false
  for (const connection of connections) ask(connection)
}

async function ledger(): Promise<HttpLedger> {
  await pause(200)
  isRunning = false
  if (fault !== undefined) throw fault
  for (const { socket } of connections) socket?.destroy()
  return { sent: requests?.sent ?? [], acknowledged }
}
