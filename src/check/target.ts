// Where the server to check is: one target from the command line, or a class's from a file. Parsed here once, from
// what a person typed; whatever is wrong is told in a sentence, before anything is connected.
import type { Target } from './connection.ts'
import type { SocketLab } from './sockets/steps.ts'

export const labs = ['messaging', 'happy', 'echo1', 'echo2', 'echo3'] as const

export type Lab = (typeof labs)[number]

export type LabTarget =
  | { readonly lab: 'messaging'; readonly url: URL; readonly shown: string }
  | { readonly lab: SocketLab; readonly host: string; readonly port: number; readonly shown: string }

export interface NamedTarget {
  readonly name: string
  readonly target: LabTarget
}

/** A mistake of who called; the message is a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A school has fewer; a mistaken file has more. */
const targetsMax = 1000

export function parseLab(raw: string): Lab {
  const lab = labs.find(each => each === raw)
  if (lab === undefined) throw new UsageError(`there is no lab ${JSON.stringify(raw)}: it is one of ${labs.join(', ')}`)
  return lab
}

/** `http://HOST:PORT` for messaging (`http://` may be left out, as in the lab's client), else `HOST:PORT`. */
export function parseTarget(lab: Lab, raw: string): LabTarget {
  return lab === 'messaging' ? parseMessaging(raw) : parseSocket(lab, raw)
}

function parseMessaging(raw: string): LabTarget {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(raw) ? raw : `http://${raw}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new UsageError(`${JSON.stringify(raw)} is no address of a messaging server: write http://HOST:PORT`)
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new UsageError(`${JSON.stringify(raw)} has more than host and port: the lab's routes begin at the root`)
  }
  return { lab: 'messaging', url, shown: url.origin }
}

function parseSocket(lab: SocketLab, raw: string): LabTarget {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.%]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i.exec(raw) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host === undefined || port < 1 || port > 65_535) {
    throw new UsageError(`${JSON.stringify(raw)} is no address of a socket server: write HOST:PORT, say 127.0.0.1:8080`)
  }
  return { lab, host, port, shown: bracketed === undefined ? `${host}:${port}` : `[${host}]:${port}` }
}

/** Host and port, also of a URL that leaves the port out. */
export function targetOfAddress(target: LabTarget): Target {
  if (target.lab !== 'messaging') return target
  const { hostname, port, protocol } = target.url
  const usual = protocol === 'https:' ? 443 : 80
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) }
}

/**
 * A class: one target a line, and after it, if wanted, a name (say the student's). Empty lines and what follows a `#`
 * at the beginning of a line or after a space are left out. A target stands there once: a server is checked by one
 * client at a time.
 */
export function parseTargets(lab: Lab, text: string): readonly NamedTarget[] {
  const found = new Map<string, NamedTarget>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, raw, name = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line.replace(/^\uFEFF/, '').replace(/(^|\s)#.*$/, '')) ?? []
    if (raw === undefined) continue
    const target = parseLine(lab, raw, index + 1)
    if (found.has(target.shown)) throw new UsageError(`line ${index + 1}: ${target.shown} stands there twice`)
    found.set(target.shown, { name: name === '' ? target.shown : name, target })
  }
  if (found.size === 0) throw new UsageError('the file names no target: write one a line')
  if (found.size > targetsMax)
    throw new UsageError(`the file names ${found.size} targets; at most ${targetsMax} are checked`)
  return [...found.values()]
}

function parseLine(lab: Lab, raw: string, lineNumber: number): LabTarget {
  try {
    return parseTarget(lab, raw)
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`line ${lineNumber}: ${error.message}`) : error
  }
}
