// The rooms of a session: making them, entering and leaving, and what their owners decide. A room is meant by its id.
import type { ChangeView, NewRoomView, RoleView, RoomView } from '../protocol/v1.ts'
import { type Call, path, type Waiting } from './http.ts'

/** A change that is visible to the members is an entry of the log; the answer gives its seq. */
export class Rooms {
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  /** Makes a room, with oneself as its owner. */
  create(draft: NewRoomView, { signal }: Waiting = {}): Promise<RoomView> {
    return this.#call('POST', '/rooms', { body: draft, signal })
  }

  /** Public rooms in whose name a word begins with `search`, in the order of `people.find`; the next page comes `after` the last name. */
  list({ search, after, limit, signal }: { search?: string; after?: string; limit?: number } & Waiting = {}): Promise<{
    rooms: readonly RoomView[]
    more: boolean
  }> {
    return this.#call('GET', '/rooms', { query: { search, after, limit }, signal })
  }

  /** Enters a public room. */
  join(room: number, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('POST', path`/rooms/${room}/join`, { signal })
  }

  /** What comes after is not mine any more; what came before stays readable. */
  leave(room: number, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('POST', path`/rooms/${room}/leave`, { signal })
  }

  /** Nobody can write there any more, until it is reopened. For owners. */
  close(room: number, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('POST', path`/rooms/${room}/close`, { signal })
  }

  /** For owners. */
  reopen(room: number, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('POST', path`/rooms/${room}/reopen`, { signal })
  }

  /** For owners; may be empty. */
  setTopic(room: number, topic: string, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('PUT', path`/rooms/${room}/topic`, { body: { topic }, signal })
  }

  /** Makes `name` a member. */
  invite(room: number, name: string, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('PUT', path`/rooms/${room}/members/${name}`, { signal })
  }

  /** For owners. */
  remove(room: number, name: string, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('DELETE', path`/rooms/${room}/members/${name}`, { signal })
  }

  /** For owners. */
  setRole(room: number, name: string, role: RoleView, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('PUT', path`/rooms/${room}/members/${name}/role`, { body: { role }, signal })
  }

  /** `name` reads on, but cannot write there. For owners. */
  silence(room: number, name: string, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('PUT', path`/rooms/${room}/members/${name}/silence`, { signal })
  }

  /** For owners. */
  unsilence(room: number, name: string, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('DELETE', path`/rooms/${room}/members/${name}/silence`, { signal })
  }
}
