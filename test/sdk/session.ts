// What the suites of this folder share: a session on the fake server that waits as short as it may, and reading so many.
import { type Gap, type Me, resume, type Platform } from '../../src/sdk/sdk.ts'
import type { FakeServer } from './fake-server.ts'

/** The shortest waits, still by the real clock. */
export const hasty: Partial<Platform> = { random: () => 0 }

/** The same without WebSockets. */
export const eventsOnly: Partial<Platform> = { ...hasty, WebSocket: undefined }

export function sessionOf(name: string, { url }: FakeServer, platform: Partial<Platform> = hasty): Promise<Me> {
  return resume({ server: url, token: name, platform })
}

/** Every gap that is noticed from now on. */
export function gapsOf(me: Me): readonly Gap[] {
  const gaps: Gap[] = []
  me.on('gap', gap => gaps.push(gap))
  return gaps
}

/** The next `count` steps; the iterator stays open. */
export async function take<T>(from: AsyncIterator<T>, count: number): Promise<T[]> {
  const items: T[] = []
  while (items.length < count) {
    const step = await from.next()
    if (step.done === true) throw new Error(`it ended after ${items.length} of ${count}`)
    items.push(step.value)
  }
  return items
}

export async function texts(from: AsyncIterator<{ readonly text?: string }>, count: number): Promise<string[]> {
  return (await take(from, count)).map(({ text }) => text ?? '')
}
