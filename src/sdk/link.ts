// The live connection of a session: there while somebody reads, opened again whenever it is lost, each time from the
// cursor where the last one ended. It hands on frames in order and never drops one; what followers keep is theirs.
import type { EndFrame, RefusedFrame, SentFrame, ServerFrame } from '../protocol/v1.ts'
import { asError, isSignedOut, mayPass, Refused, NoAnswer } from './errors.ts'
import type { Emitter, State } from './events.ts'
import type { Place } from './http.ts'
import { backoffMs } from './platform.ts'
import { openEvents, openWebSocket, type Wire } from './wires.ts'
import * as clientTexts from '../protocol/texts/client.ts'

/** Of silence: the server says something at least every 15 s, so twice that means that it is not there. */
const silenceMsMax = 30_000

/** From opening to the first frame: some proxies never answer what they do not know, and the other way is waiting. */
const helloMsMax = 10_000

/** After WebSockets failed where events came through, so many connections are made without trying them first. */
const connectionsWithoutWebSocket = 6

/** Who gets frames. It must not throw and must not wait. */
export interface Follower {
  readonly frame: (frame: ServerFrame, chars: number) => void
  /** There will be no more frames: the session is over, or the cursor it was to begin from was refused. */
  readonly failed: (why: Error) => void
}

/** Who sends over the link while it is there, without keeping it open. */
export interface Watcher {
  /** It became live, or stopped being so. */
  readonly changed: () => void
  readonly answered: (frame: SentFrame | RefusedFrame) => void
}

export class Link {
  readonly #place: Place
  readonly #emitter: Emitter
  readonly #followers = new Set<Follower>()
  #watcher: Watcher | undefined
  #state: State = { is: 'idle' }
  #cursor: string | undefined
  #wire: Wire | undefined
  #cancelTimer = () => {}
  #failures = 0
  #skipWebSocket = 0

  constructor(place: Place, emitter: Emitter) {
    this.#place = place
    this.#emitter = emitter
  }

  get state(): State {
    return this.#state
  }

  /** Behind the last entry handed on; undefined until the first hello of a stream that began at the log's head. */
  get cursor(): string | undefined {
    return this.#cursor
  }

  /** What can send frames at this moment, if anything. */
  get sending(): Required<Wire> | undefined {
    const wire = this.#wire
    return this.#state.is === 'live' && wire?.send !== undefined ? (wire as Required<Wire>) : undefined
  }

  /** Hands `follower` every frame from now on. The first one says where the stream begins. The result ends it. */
  follow(follower: Follower, after?: string): () => void {
    if (this.#state.is === 'over') throw this.#state.why
    this.#followers.add(follower)
    if (this.#state.is === 'idle') {
      this.#cursor = after
      this.#connect()
    }
    return () => {
      this.#followers.delete(follower)
      if (this.#followers.size === 0) this.#rest()
    }
  }

  watch(watcher: Watcher): void {
    this.#watcher = watcher
  }

  /** Ends a wait for the next attempt: the network is back, say. */
  retryNow(): void {
    if (this.#state.is === 'waiting') this.#connect()
  }

  /** Gives the connection up and opens another: something is owed and does not come. */
  renew(why: Error): void {
    if (this.#wire !== undefined) this.#lost(why)
  }

  /** Ends it for good. Followers are told. */
  end(why: Error): void {
    if (this.#state.is === 'over') return
    this.#drop()
    this.#become({ is: 'over', why })
    this.#failAll(why)
  }

  #rest(): void {
    if (this.#state.is === 'over') return
    this.#drop()
    this.#failures = 0
    if (this.#state.is !== 'idle') this.#become({ is: 'idle' })
  }

  #connect(): void {
    this.#drop()
    const { WebSocket } = this.#place.platform
    const events = WebSocket === undefined || this.#skipWebSocket > 0
    if (this.#skipWebSocket > 0) this.#skipWebSocket -= 1
    this.#become({ is: 'connecting' })
    this.#open(events ? 'sse' : 'websocket')
  }

  #open(over: 'websocket' | 'sse', before?: Error): void {
    let greeted = false
    const lost = (why: Error) => {
      if (over === 'websocket' && !greeted && !isSignedOut(why)) {
        // Perhaps only WebSockets do not come through; if it is more than that, the event stream says so better.
        this.#drop()
        this.#open('sse', why)
      } else this.#lost(why)
    }
    const wait = () => {
      this.#cancelTimer()
      const ms = greeted ? silenceMsMax : helloMsMax
      this.#cancelTimer = this.#place.platform.after(ms, () => {
        this.#drop()
        lost(new NoAnswer(clientTexts.nothingCame(this.#place.server.host, ms / 1000)))
      })
    }
    wait()
    const open = over === 'websocket' ? openWebSocket : openEvents
    try {
      this.#wire = open(this.#place, this.#cursor, {
        heard: wait,
        lost,
        frame: (frame, chars) => {
          if (!greeted) {
            if (frame.type !== 'hello') return this.#unwelcome(frame, lost)
            greeted = true
            wait()
            if (before !== undefined) this.#skipWebSocket = connectionsWithoutWebSocket
            this.#become({ is: 'live', over })
            // Where it resumes, the cursor moves with what is told next: else a `diverged` that is lost stays untold.
            this.#cursor ??= frame.cursor
          }
          this.#take(frame, chars)
        },
      })
    } catch (error) {
      lost(asError(error))
    }
  }

  /** What came in place of a hello. */
  #unwelcome(frame: ServerFrame, lost: (why: Error) => void): void {
    if (frame.type === 'refused') return this.#lost(new Refused(frame.error, frame.message))
    if (frame.type === 'end') return this.#ended(frame.reason)
    this.#drop()
    lost(new NoAnswer(clientTexts.beganWith(frame.type)))
  }

  #take(frame: ServerFrame, chars: number): void {
    if (frame.type === 'entries' || frame.type === 'beat') {
      this.#failures = 0
      this.#cursor = frame.cursor
    }
    if (frame.type === 'sent' || frame.type === 'refused') this.#watcher?.answered(frame)
    // A Set may lose members while it is walked.
    for (const follower of this.#followers) follower.frame(frame, chars)
    if (frame.type === 'end') this.#ended(frame.reason)
  }

  #ended(reason: EndFrame['reason']): void {
    if (reason === 'session-over') this.end(new Refused('signed-out', clientTexts.sessionOver))
    else this.#lost(new NoAnswer(clientTexts.serverEndedStream))
  }

  #lost(why: Error): void {
    this.#drop()
    if (isSignedOut(why)) return this.end(why)
    if (why instanceof Refused && !mayPass(why)) {
      this.#become({ is: 'idle' })
      return this.#failAll(why)
    }
    this.#failures += 1
    const askedMs = why instanceof Refused ? (why.retryAfterSeconds ?? 0) * 1000 : 0
    const waitMs = askedMs + backoffMs(this.#failures, this.#place.platform.random)
    this.#become({ is: 'waiting', waitMs, why })
    this.#cancelTimer = this.#place.platform.after(waitMs, () => this.#connect())
  }

  #failAll(why: Error): void {
    const followers = [...this.#followers]
    this.#followers.clear()
    for (const follower of followers) follower.failed(why)
  }

  #drop(): void {
    this.#cancelTimer()
    this.#cancelTimer = () => {}
    this.#wire?.drop()
    this.#wire = undefined
  }

  #become(state: State): void {
    this.#state = state
    this.#watcher?.changed()
    // Later, so that who listens may do anything, also close.
    queueMicrotask(() => this.#emitter.emit('state', state))
  }
}
