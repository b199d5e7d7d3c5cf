// What time it is, for sentences that age while they are shown: "last seen 5 minutes ago".
import { type ReadonlySignal, signal } from '@preact/signals'

/** Such sentences count in minutes. */
const tickMs = 30_000

const seconds = signal(Date.now() / 1_000)

/** Seconds since 1970, at most half a minute behind while the page is in sight. */
export const now: ReadonlySignal<number> = seconds

function tick(): void {
  if (document.visibilityState === 'visible') seconds.value = Date.now() / 1_000
}

setInterval(tick, tickMs)
document.addEventListener('visibilitychange', tick)
