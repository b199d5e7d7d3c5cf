// One WebSocket: frames in become calls of the core, in the order of arrival; what the core answers and what the
// account's log brings go out. Both directions are bounded: a client that does not read is not read from either.
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { Refusal } from '../../../protocol/refusals.ts'
import type { ClientFrame, EndFrame } from '../../../protocol/v1.ts'
import { refusalOfFault } from '../../../core/kit/faults.ts'
import type { Follower } from '../../../core/live/follower.ts'
import type { Caller } from '../../../core/people/sessions.ts'
import { begin, hereWhile } from '../../../core/live/begin.ts'
import { type BadFrame, parseClientFrame } from './client-frames.ts'
import { chargeFrames } from './frame-charges.ts'
import type { WebSocketNeeds } from './web-socket-needs.ts'
import { frameOf, plain } from './frames.ts'
import { type LiveCaller, type Send, LiveSends } from '../../../core/live/live-sends.ts'
import { LiveSession } from '../../../core/live/live-session.ts'
import type { Beating } from './heartbeats.ts'
import * as requestTexts from '../../../protocol/texts/requests.ts'

/** A quiet stream says so this often, and is asked this often whether the other end is there. */
const beatMs = 15_000

/** Bytes of answers that may wait for a client that sends and does not read; beyond it the client is not read. */
const outBytesMax = 1_048_576

/** UTF-16 units of a frame of somebody who has not said who they are. */
const strangerUnitsMax = 4_096

/** Soft frames that may wait, one a conversation: who is that busy has nothing to say of the others. */
const softWaitingMax = 64

/** Seconds of debt up to which a client is only slowed down; beyond it is a flood, and it is cut off. */
const slowedSecondsMax = 5

/** Frames that were not understood: more of them than of any mistake that a person finds by trying. */
const unfitMax = 32

/** What a frame costs that was not understood, besides itself: parsing it, and an answer. */
const unfitFrames = 9

/** A client that does not take the end of its session is cut off after this. */
const endMs = 2_000

type SoftSaid = Extract<ClientFrame, { type: 'read' | 'typing' }>

export class LiveConnection implements Beating {
  readonly #socket: WebSocket
  /** What the socket writes to. */
  readonly #stream: Duplex
  readonly #needs: WebSocketNeeds
  readonly #headerToken: string | undefined
  readonly #left = new AbortController()
  #sends: LiveSends | undefined
  readonly #softs = new Map<string, SoftSaid>()
  #telling = false
  #over = false
  #caller: LiveCaller | undefined
  #starting = false
  #closing = false
  #endFollower: ((reason: EndFrame['reason']) => void) | undefined
  #alive = true
  #holding = false
  #slowed = false
  #unfit = 0
  #pinged: Buffer | undefined
  #from = ''
  readonly #sent = () => this.#readOn()

  constructor(socket: WebSocket, stream: Duplex, needs: WebSocketNeeds, headerToken: string | undefined) {
    this.#socket = socket
    this.#stream = stream
    this.#needs = needs
    this.#headerToken = headerToken
    socket.on('pong', () => {
      this.#alive = true
    })
    socket.on('ping', data => this.#pong(data))
    socket.on('message', (data, isBinary) => {
      this.#alive = true
      this.#take(isBinary ? undefined : (data as Buffer).toString())
    })
    // A frame that is none, or too large: ws closes with the right code; `close` follows.
    socket.on('error', () => {})
    socket.on('close', () => this.#left.abort())
  }

  /** Whose it is was found out: there is a session behind it. */
  get isKnown(): boolean {
    return this.#caller !== undefined
  }

  /** Nobody has said whose it is, or what they said was not true. */
  get isStranger(): boolean {
    return !this.isKnown && (!this.#starting || this.#closing)
  }

  /** Cuts it off, without waiting for the other end. */
  cut(): void {
    this.#socket.terminate()
  }

  /**
   * Counts what has come, before it is parsed. A client that is over is not read for as long as it takes to pay; one that
   * is far over is refused and closed. Returns whether it may be parsed.
   */
  admit(from: string, frames: number, bytes: number): boolean {
    this.#from = from
    // Read on for the closing handshake, which is one frame, and so that the client sees why it is closed.
    if (this.#over || this.#closing) return frames <= 1
    return this.#charge(frames, bytes)
  }

  #charge(frames: number, bytes: number): boolean {
    const debt = chargeFrames(this.#needs, { from: this.#from, account: this.#caller?.account.id, frames, bytes })
    if (debt.seconds > slowedSecondsMax) {
      this.#refuse(debt.refusal(), true)
      return false
    }
    if (debt.seconds > 0) this.#slow(debt.seconds)
    return true
  }

  #slow(seconds: number): void {
    if (this.#slowed) return
    this.#slowed = true
    this.#readOn()
    setTimeout(() => {
      this.#slowed = false
      this.#readOn()
    }, seconds * 1_000).unref()
  }

  /** Answers the latest of the pings that came in one turn, as RFC 6455, 5.5.3 allows. */
  #pong(data: Buffer): void {
    this.#alive = true
    if (this.#pinged === undefined) {
      process.nextTick(() => {
        const latest = this.#pinged
        this.#pinged = undefined
        if (latest !== undefined && this.#socket.readyState === WebSocket.OPEN) this.#socket.pong(latest)
      })
    }
    this.#pinged = data
  }

  /** Tells the client why, then closes. */
  end(reason: EndFrame['reason']): void {
    if (this.#endFollower !== undefined) this.#endFollower(reason)
    else this.#close(1001)
  }

  /** Two pings without a sign of life: the other end has gone without a word. */
  ping(): void {
    // Where the store cannot say, the next one asks again.
    if (this.#caller?.session.isPast === true) this.#caller.session.lasts().catch(() => {})
    if (!this.#alive) return this.#socket.terminate()
    this.#alive = false
    return this.#socket.ping()
  }

  /** Refuses who has not said by now who they are. */
  late(): void {
    if (!this.#starting) this.#refuse(new Refusal('signed-out', requestTexts.startFirst), true)
  }

  #take(text: string | undefined): void {
    if (this.#closing || this.#over) return undefined
    if (text === undefined) return this.#refuse(new Refusal('malformed', requestTexts.framesAreText), !this.#starting)
    if (!this.#starting && text.length > strangerUnitsMax) {
      return this.#refuse(new Refusal('signed-out', requestTexts.startFirst), true)
    }
    const frame = parseClientFrame(text)
    if (frame.type === 'bad') return this.#refuseUnfit(frame)
    if (frame.type === 'start') {
      if (this.#starting) return this.#refuse(new Refusal('malformed', requestTexts.startedAlready))
      this.#starting = true
      // Nothing more is taken in until it is known whose it is.
      this.#socket.pause()
      void this.#begin(frame.token ?? this.#headerToken, frame.after)
      return undefined
    }
    if (this.#caller === undefined && !this.#starting) {
      return this.#refuse(new Refusal('signed-out', requestTexts.startFirst), true)
    }
    if (frame.type === 'send') return this.#queue(frame)
    if (frame.type === 'beat') return undefined
    this.#queueSoft(frame)
    return undefined
  }

  #refuseUnfit({ refusal, ref }: BadFrame): void {
    this.#unfit += 1
    if (this.#unfit > unfitMax) this.#refuse(new Refusal('too-many', requestTexts.framesUnfit), true)
    else this.#refuse(refusal, !this.#starting, ref)
    if (!this.#closing) this.#charge(unfitFrames, 0)
  }

  /** Who it is and where the stream begins. What is at hand here is let go of: an idle connection keeps none of it. */
  async #begin(token: string | undefined, after: string | undefined): Promise<void> {
    try {
      const caller = token === undefined ? undefined : await this.#needs.sessions.callerOf(token)
      if (caller === undefined) return this.#refuse(new Refusal('signed-out', requestTexts.tokenOver), true)
      const beginning = await begin(this.#needs, caller, after)
      if (beginning instanceof Refusal) return this.#refuse(beginning, true)
      for (const frame of beginning.frames) this.#write(JSON.stringify(frame))
      void this.#follow(caller, beginning.follower, beginning.ends)
    } catch {
      this.#close(1011)
    }
    return undefined
  }

  /** The stream of the account, until either end has enough. */
  async #follow({ account, session: known }: Caller, follower: Follower, disposed: DisposableStack): Promise<void> {
    try {
      using ends = disposed
      ends.use(hereWhile(this.#needs.soft, account))
      this.#endFollower = reason => follower.end(reason)
      follower.onEnd(reason => this.#endNow(reason))
      const session = new LiveSession(this.#needs.sessions, known, () => this.end('session-over'))
      this.#caller = { account, session }
      this.#readOn()
      void this.#sends?.pump(this.#caller)
      void this.#tell()
      for await (const live of follower.live(this.#left.signal, beatMs)) {
        // Its end comes next, in place of what came after it.
        if (live.kind !== 'end' && session.isPast && !(await session.lasts())) continue
        await this.#written(frameOf(live, this.#needs.cursors).json)
      }
      this.#over = true
      // What is being stored is still answered: the client need not ask again.
      while (this.#sends?.isUnderWay === true && !this.#left.signal.aborted)
        await new Promise(resolve => setImmediate(resolve))
      this.#close(1000)
    } catch {
      this.#close(1011)
    }
  }

  /**
   * A session that is over has no more to say, from this very turn on, also where its client reads nothing and so never
   * takes the end; the others may finish.
   */
  #endNow(reason: EndFrame['reason']): void {
    if (reason !== 'session-over') return
    this.#over = true
    this.#sends?.clear()
    this.#softs.clear()
    setTimeout(() => this.#socket.terminate(), endMs).unref()
  }

  #queue(frame: Send): void {
    this.#sends ??= new LiveSends(this.#needs, {
      isOver: () => this.#over || this.#left.signal.aborted,
      write: json => this.#write(json),
      answered: () => this.#readOn(),
      failed: () => this.#close(1011),
    })
    this.#sends.add(frame)
    this.#readOn()
    if (this.#caller !== undefined) void this.#sends.pump(this.#caller)
  }

  /** Of each conversation only the latest counts; what is soft may be lost. */
  #queueSoft(frame: SoftSaid): void {
    this.#softs.set(frame.type === 'read' ? `read ${frame.conversation}` : `typing ${frame.to}`, frame)
    const [oldest] = this.#softs.keys()
    if (this.#softs.size > softWaitingMax && oldest !== undefined) this.#softs.delete(oldest)
    void this.#tell()
  }

  /** One after the other, each counted like a request. */
  async #tell(): Promise<void> {
    const caller = this.#caller
    if (this.#telling || caller === undefined) return
    this.#telling = true
    for (const [key, frame] of this.#softs) {
      this.#softs.delete(key)
      if (caller.session.isPast && !(await caller.session.lasts().catch(() => false))) break
      caller.session.use()
      const outcome = this.#needs.accountRequests.take(String(caller.account.id)) ?? (await this.#say(caller, frame))
      if (outcome instanceof Refusal) this.#refuse(outcome)
      if (this.#over || this.#left.signal.aborted) break
    }
    this.#telling = false
  }

  async #say({ account }: LiveCaller, frame: SoftSaid): Promise<unknown> {
    const { soft } = this.#needs
    try {
      if (frame.type === 'read') return await soft.markRead(account, frame.conversation, frame.seq)
      return await soft.typing(account, frame.to)
    } catch (error) {
      return refusalOfFault(error)
    }
  }

  #refuse({ code, message }: Refusal, close = false, ref?: number): void {
    const about = ref === undefined ? {} : { ref }
    this.#write(plain({ type: 'refused', ...about, error: code, message }).json)
    if (close) this.#close(code === 'signed-out' ? 4401 : 1008)
  }

  #write(json: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#hold()
    this.#socket.send(json, this.#sent)
    this.#readOn()
  }

  /**
   * What is said in one turn leaves in one write: the answers to a commit, and the entries that it brought. A system
   * call each was a quarter of the thread's time.
   */
  #hold(): void {
    if (this.#holding) return
    this.#holding = true
    this.#stream.cork()
    process.nextTick(() => {
      this.#holding = false
      this.#stream.uncork()
    })
  }

  /** Reads from the client while there is room for what it sends and for what it is told. */
  #readOn(): void {
    if (this.#closing || (this.#starting && this.#caller === undefined)) return
    const full = this.#slowed || this.#sends?.isFull === true || this.#socket.bufferedAmount > outBytesMax
    if (full && !this.#socket.isPaused) this.#socket.pause()
    else if (!full && this.#socket.isPaused) this.#socket.resume()
  }

  /** Resolves when the frame is out of our hands: until then the log's entries wait in the follower, which is bounded. */
  #written(json: string): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.resolve()
    this.#hold()
    return new Promise(resolve => this.#socket.send(json, () => resolve()))
  }

  #close(code: number): void {
    this.#closing = true
    this.#sends?.clear()
    this.#softs.clear()
    // Read on, for the closing handshake; what else comes is not looked at.
    if (this.#socket.isPaused) this.#socket.resume()
    this.#socket.close(code)
    // A client that does not answer the closing handshake is not waited for.
    setTimeout(() => this.#socket.terminate(), 2_000).unref()
  }
}
