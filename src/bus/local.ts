// The bus of a server that is alone: a function call.
import type { Bus, Notice } from './bus.ts'

export function localBus(): Bus {
  const listeners = new Set<(notice: Notice) => void>()
  return {
    publish(notice) {
      for (const listener of listeners) listener(notice)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      listeners.clear()
    },
  }
}
