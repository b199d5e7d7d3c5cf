// Which accounts are signed in in this browser's tabs, by Web Locks: a lock ends with its tab, however that ends. A browser
// without them, as on plain HTTP, knows of none; there tabs share no storage either.
import type { Tabs } from './writing.ts'

const lockStart = 'hullo.in.'

export const tabsByLocks: Tabs = {
  hold(account, until) {
    const hold = async () => {
      if (!until.aborted) await new Promise(resolve => until.addEventListener('abort', resolve, { once: true }))
    }
    // One that ends before it is granted is none.
    locks()
      ?.request(lockStart + account, { mode: 'shared', signal: until }, hold)
      .catch(() => {})
  },
  async held() {
    const { held = [] } = (await locks()?.query()) ?? {}
    return held.flatMap(({ name = '' }) => (name.startsWith(lockStart) ? [name.slice(lockStart.length)] : []))
  },
}

function locks(): LockManager | undefined {
  return 'locks' in navigator ? navigator.locks : undefined
}
