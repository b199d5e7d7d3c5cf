// The rooms of a session: making them, entering and leaving, and what their owners decide. A room is meant by its id.
import type { RoleView, RoomView } from '../protocol/v1.ts'
import { type Call, path } from './http.ts'
import type { Waiting } from './me.ts'

export interface RoomDraft {
  readonly name: string
  readonly topic?: string
  /** Entered by invitation only. */
  readonly private?: boolean
  /** What new members can read of what was written before. */
  readonly history?: 'all' | 'from-joining'
}

/** Answers to what the members see as an entry carry its seq. */
export class Rooms {
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  /** Makes a room, with oneself as its owner. */
  create(draft: RoomDraft, { signal }: Waiting = {}): Promise<RoomView> {
    return this.#call('POST', '/rooms', { body: draft, signal })
  }

  /** The rooms that one may enter, or is in. */
  async list({ signal }: Waiting = {}): Promise<readonly RoomView[]> {
    return (await this.#call<{ rooms: RoomView[] }>('GET', '/rooms', { signal })).rooms
  }

  async join(room: number, { signal }: Waiting = {}): Promise<void> {
    await this.#call('POST', path`/rooms/${room}/join`, { signal })
  }

  async leave(room: number, { signal }: Waiting = {}): Promise<void> {
    await this.#call('POST', path`/rooms/${room}/leave`, { signal })
  }

  /** Nobody can write there any more, until it is reopened. For owners. */
  async close(room: number, { signal }: Waiting = {}): Promise<void> {
    await this.#call('POST', path`/rooms/${room}/close`, { signal })
  }

  async reopen(room: number, { signal }: Waiting = {}): Promise<void> {
    await this.#call('POST', path`/rooms/${room}/reopen`, { signal })
  }

  async setTopic(room: number, topic: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('PUT', path`/rooms/${room}/topic`, { body: { topic }, signal })
  }

  /** Makes `name` a member. */
  async invite(room: number, name: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('PUT', path`/rooms/${room}/members/${name}`, { signal })
  }

  /** For owners. */
  async remove(room: number, name: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('DELETE', path`/rooms/${room}/members/${name}`, { signal })
  }

  /** For owners. */
  async setRole(room: number, name: string, role: RoleView, { signal }: Waiting = {}): Promise<void> {
    await this.#call('PUT', path`/rooms/${room}/members/${name}/role`, { body: { role }, signal })
  }

  /** `name` reads on, but cannot write there. For owners. */
  async silence(room: number, name: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('PUT', path`/rooms/${room}/members/${name}/silence`, { signal })
  }

  async unsilence(room: number, name: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('DELETE', path`/rooms/${room}/members/${name}/silence`, { signal })
  }
}
