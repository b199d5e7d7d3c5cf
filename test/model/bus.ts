// The bus of a simulated run: it loses notices, says them twice and late, and leaves out the hints.
import type { Bus, Notice } from '../../src/bus/bus.ts'
import { type Chance, turns } from './chance.ts'

export function failingBus(chance: Chance, isAlive: () => boolean): Bus {
  const listeners = new Set<(notice: Notice) => void>()
  const tell = (notice: Notice) => {
    if (isAlive()) for (const listener of listeners) listener(notice)
  }
  const tellLater = (notice: Notice) => {
    void turns(1 + chance.below(12)).then(() => tell(notice))
  }
  return {
    publish(notice) {
      const bare: Notice = notice.kind === 'log' ? { kind: 'log', head: notice.head } : notice
      const what = chance.weighted({ passed: 58, lost: 12, late: 10, twice: 10, bare: 10 })
      if (what === 'passed') tell(notice)
      else if (what === 'bare') tell(bare)
      else if (what === 'late') tellLater(notice)
      else if (what === 'twice') {
        tell(notice)
        if (chance.odds(0.5)) tell(notice)
        else tellLater(notice)
      }
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
