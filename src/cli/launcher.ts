// The process that started this one on the pinned Node (bin/pinned-node.js), where there is one. It sends its signals as
// messages: a signal proper would end a program that has just handled the terminal's own Ctrl-C and no longer listens.
import { constants } from 'node:os'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof signals)[number]

/**
 * A Ctrl-C reaches this process from the terminal, and as a message from the launcher and from npm: on a busy machine
 * these come late. A second Ctrl-C within this time still counts, since the terminal's own signal comes directly.
 */
const echoMs = 2_000

/**
 * Handles the launcher's signals as if they had been sent to this process, and the launcher's end as SIGTERM. Does
 * nothing in a process that was started without a launcher. Does not keep the process running.
 */
export function followLauncher(): void {
  const { channel, env } = process
  if (env['HULLO_LAUNCHER'] === undefined || channel === undefined || channel === null) return
  delete env['HULLO_LAUNCHER']
  const handledMs = watchSignals()
  const handle = (signal: Signal) => {
    if (performance.now() - (handledMs.get(signal) ?? Number.NEGATIVE_INFINITY) < echoMs) return
    handledMs.set(signal, performance.now())
    deliver(signal)
  }
  process.on('message', message => {
    const signal = signals.find(one => one === message)
    if (signal === undefined) return
    tell(signal)
    handle(signal)
  })
  process.on('disconnect', () => handle('SIGTERM'))
  channel.unref()
  tell('ready')
}

/** To the launcher, which may be gone. */
function tell(message: Signal | 'ready'): void {
  process.send?.(message, undefined, undefined, () => {})
}

/** When each signal last reached a listener of this process. Without a listener, the system's own action is left alone. */
function watchSignals(): Map<Signal, number> {
  const handledMs = new Map<Signal, number>()
  const watches = new Map(
    signals.map(signal => [signal as string, () => void handledMs.set(signal, performance.now())]),
  )
  process.on('newListener', (name: string | symbol) => {
    const watch = watches.get(String(name))
    if (watch !== undefined && process.listenerCount(name) === 0) process.nextTick(begin, name, watch)
  })
  process.on('removeListener', (name: string | symbol) => {
    const watch = watches.get(String(name))
    if (watch !== undefined && process.listeners(name as Signal).every(one => one === watch)) process.off(name, watch)
  })
  return handledMs
}

function begin(name: string, watch: () => void): void {
  if (process.listenerCount(name) > 0 && !process.listeners(name as Signal).includes(watch))
    process.prependListener(name, watch)
}

function deliver(signal: Signal): void {
  if (process.listenerCount(signal) > 0) process.emit(signal, signal)
  // Windows knows no signals: `kill` would report another exit code.
  else if (process.platform === 'win32') process.exit(128 + constants.signals[signal])
  else process.kill(process.pid, signal)
}
