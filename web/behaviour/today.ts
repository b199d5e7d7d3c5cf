// Which day it is for the reader: what is called today is yesterday after midnight, also on a page that nobody touches.
import { type ReadonlySignal, signal } from '@preact/signals'
import { dayOf } from '../../src/protocol/texts/format.ts'

const moment = signal(Date.now() / 1_000)
let timer: ReturnType<typeof setTimeout> | undefined

/** A moment of the reader's present day, seconds since 1970. It changes when another day begins, and only then. */
export const today: ReadonlySignal<number> = moment

/** A machine that slept through midnight, or was carried into another time zone, finds out within the hour. */
const lookMsMax = 3_600_000

function look(): void {
  const nowMs = Date.now()
  if (dayOf(nowMs / 1_000) !== dayOf(moment.peek())) moment.value = nowMs / 1_000
  const midnightMs = new Date(nowMs).setHours(24, 0, 0, 0)
  clearTimeout(timer)
  timer = setTimeout(look, Math.min(midnightMs - nowMs, lookMsMax))
}

look()
document.addEventListener('visibilitychange', look)
