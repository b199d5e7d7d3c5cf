// The small class of the lab's earlier practice (Practice 2), which its Exercise 4 builds on.
import { blue, green } from './screen.ts'
import { talk, type TalkOptions } from './talk.ts'

/** A client of the server at `ip` and `port`. It holds no connection: every talk is one of its own. */
export class Client0 {
  readonly ip: string
  readonly port: number
  readonly #options: TalkOptions

  constructor(ip: string, port: number, options: TalkOptions = {}) {
    this.ip = ip
    this.port = port
    this.#options = options
  }

  /** Prints `OK!`: the class is there. It asks no server, and needs no client: `Client0.ping()`. */
  static ping(): void {
    console.log('OK!')
  }

  /** The same, of a client. */
  ping(): void {
    Client0.ping()
  }

  /** Sends one message and returns the answer: see `talk`, also for what it throws. */
  talk(message: string): Promise<string> {
    return talk(this.ip, this.port, message, this.#options)
  }

  /** As `talk`, and prints both: the message in blue, the answer in green. */
  async debugTalk(message: string): Promise<string> {
    console.log(`To Server: ${blue(message)}`)
    const answer = await this.talk(message)
    console.log(`From Server: ${green(answer)}`)
    return answer
  }

  toString(): string {
    return `Connection to SERVER at ${this.ip}, PORT: ${this.port}`
  }
}
