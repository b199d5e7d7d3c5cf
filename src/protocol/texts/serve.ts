// What `hullo serve` says when it starts, when it cannot, and when it stops.
import { listAll } from './format.ts'
import type { Sentence } from './sentence.ts'

export const start = 'start the server (npm start does this)' as Sentence
export const stopping = 'Stopping: finishing what is in flight ...' as Sentence
export const stopped = 'Stopped. Everything that was acknowledged is stored.' as Sentence

/** A line of the log. */
export function linesDropped(count: number): Sentence {
  return `${count} log ${count === 1 ? 'line was' : 'lines were'} dropped: the log could not be written` as Sentence
}
export const stoppedShort = 'Stopped, since the data folder was changed (see above).' as Sentence

// ── The page for browsers, before it listens ──

export const pageNotBuilt =
  'The page for browsers is not built, since Vite is not installed here (npm ci installs it).' as Sentence
export const pageBuilding = 'Building the page for browsers (once; a second or two) ...' as Sentence
export const pageFailed = 'Building the page for browsers did not work (see above).' as Sentence

// ── Once it listens: a line, then what is worth knowing, each under a word ──

export function listening(addresses: readonly string[]): Sentence {
  return `Hullo is listening on ${listAll(addresses)}` as Sentence
}

/** The words of the lines below it. */
export const labels = {
  data: 'data' as Sentence,
  profile: 'profile' as Sentence,
  note: 'note' as Sentence,
  invite: 'invite' as Sentence,
  stop: 'stop' as Sentence,
}

export function profileAndLab(profile: string, lab: string): Sentence {
  return `${profile}, lab routes ${lab} (hullo serve --help shows what can be set)` as Sentence
}

export const sharedAddress =
  'people behind one address (a shared computer, a router) can act for one another on the lab routes' as Sentence
export const labOpen = '--lab open: everybody can read and send as anybody' as Sentence
export const airPlayAnswers = 'on macOS type 127.0.0.1, not localhost: AirPlay answers there' as Sentence
export const firstInvite =
  '(open it in a browser: the account that you make there is admin; once, within 24 hours)' as Sentence
export const stopKey = 'Ctrl-C' as Sentence

// ── Where it cannot listen ──

/** `airPlay`: it is the port that macOS keeps for it. `other` is one that may be free. */
export function portTaken(host: string, port: number, airPlay: boolean, other: number): Sentence {
  const culprit = airPlay
    ? 'on macOS that is usually AirPlay Receiver (System Settings, General, AirDrop & Handoff).'
    : 'most likely another Hullo or Flask server is running.'
  return `Port ${port} on ${host} is taken: ${culprit} Choose another one with --port, say --port ${other}.` as Sentence
}

export function notHere(host: string): Sentence {
  return `${host} is not an address of this machine, so nothing can listen there. Choose one with --host.` as Sentence
}

export function notAddress(host: string): Sentence {
  return `${host} is not an address, and no name that this machine knows. Choose one with --host.` as Sentence
}

export function portReserved(port: number): Sentence {
  return `This account may not listen on port ${port}; ports below 1024 are reserved. Choose another with --port.` as Sentence
}
