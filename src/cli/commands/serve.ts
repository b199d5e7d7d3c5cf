// `hullo serve`: starts the server, says where it is, and stops it when it is told to.
import { networkInterfaces } from 'node:os'
import { join, relative } from 'node:path'
import { Command } from 'commander'
import pino from 'pino'
import { CannotOpen, Damaged } from '../../store/store.ts'
import { BadSetting } from '../../server/settings/bad-setting.ts'
import { writeCompiled } from '../../server/compile-cache.ts'
import { exitCodesHelp, exits } from '../exit-codes.ts'
import { logWriter, standardError } from '../../server/log-writer.ts'
import { readPage } from '../../server/page.ts'
import { inviteLink } from '../../core/people/invites.ts'
import { type OpenStore, openStore } from '../../server/engines.ts'
import { type Server, startServer } from '../../server/server.ts'
import { addSettings, readSettings, type Settings } from '../../server/settings/settings.ts'
import { endIfStalled } from '../../terminal/stalled-output.ts'
import { whenAskedToStop } from '../../server/stop.ts'
import * as serveTexts from '../../protocol/texts/serve.ts'

/** For the reader of the log to take its last lines; the stop as a whole is promised within five seconds. */
const flushMs = 500

export function serveCommand(): Command {
  const command = new Command('serve').description(serveTexts.start)
  addSettings(command).addHelpText('afterAll', exitCodesHelp('done', 'broken', 'usage'))
  return command.action(async () => {
    try {
      await serve(readSettings(command), openStore)
    } catch (error) {
      if (!(error instanceof BadSetting || error instanceof CannotOpen || error instanceof CannotListen)) throw error
      process.stderr.write(`${error.message}\n`)
      // A setting is usage, as everywhere; a folder or a port that is not to be had may be another day.
      process.exitCode = exits[error instanceof BadSetting ? 'usage' : 'broken'].code
    }
  })
}

/**
 * Serves until SIGINT or SIGTERM, or until the data folder is not what it was any more: then the exit code is 1. `open`
 * gives the store of a data folder.
 */
export async function serve(settings: Settings, open: OpenStore): Promise<void> {
  const lines = logWriter(standardError(), droppedLine, performance.now.bind(performance))
  const log = pino({ level: settings.logLevel }, lines)
  // What cannot be written to a console or a log never stops the server.
  process.stdout.removeAllListeners('error').on('error', () => {})
  const page = readPage(line => process.stderr.write(`${line}\n`))
  const { promise: lost, resolve: moved } = Promise.withResolvers<string>()
  let damage: string | undefined
  const damaged = (sentence: string) => {
    damage = sentence
    if (isListening) log.error(sentence)
  }
  let isListening = false
  const store = open(settings.data, { moved, damaged })
  const server = await startServer(settings, store, log, page).catch((error: NodeJS.ErrnoException) => {
    throw error instanceof Damaged && damage !== undefined
      ? new CannotOpen(damage, { cause: error })
      : cannotListen(error, settings)
  })
  isListening = true
  if (damage !== undefined) log.error(damage)
  log.info({ node: process.version, port: server.port }, 'listening')
  // Before the greeting: whoever reads it may ask at once.
  const stopped = whenAskedToStop()
  process.stdout.write(greeting(settings, server))
  writeCompiled()
  const sentence = await Promise.race([stopped, lost])
  if (sentence !== undefined) {
    process.stderr.write(`${sentence}\n`)
    process.exitCode = exits.broken.code
  }
  process.stdout.write(`${serveTexts.stopping}\n`)
  await server.close()
  process.stdout.write(`${sentence === undefined ? serveTexts.stopped : serveTexts.stoppedShort}\n`)
  await lines.flushed(flushMs)
  endIfStalled()
}

/** A line of the log, as pino writes them, at the level of warnings. */
function droppedLine(dropped: number): string {
  return `${JSON.stringify({ level: 40, time: Date.now(), dropped, msg: serveTexts.linesDropped(dropped) })}\n`
}

class CannotListen extends Error {
  override readonly name = 'CannotListen'
}

function cannotListen(error: NodeJS.ErrnoException, { host, port }: Settings): Error {
  const sentence = {
    EADDRINUSE: serveTexts.portTaken(host, port, isAirPlays(port), port === 5_055 ? 5_056 : 5_055),
    EADDRNOTAVAIL: serveTexts.notHere(host),
    ENOTFOUND: serveTexts.notAddress(host),
    EACCES: serveTexts.portReserved(port),
  }[error.code ?? '']
  return sentence === undefined ? error : new CannotListen(sentence, { cause: error })
}

/** AirPlay Receiver of macOS listens there. */
function isAirPlays(port: number): boolean {
  return process.platform === 'darwin' && port === 5_000
}

function greeting(settings: Settings, { port, firstInvite }: Server): string {
  const { profile, lab, data, publicUrl } = settings
  const own = addresses(settings, port)
  const lines = [
    serveTexts.listening(own),
    noteLine('data', shortPath(join(data, 'hullo.sqlite'))),
    noteLine('profile', serveTexts.profileAndLab(profile, lab)),
    ...notes(settings, port),
    ...(firstInvite === undefined ? [] : invitation(inviteLink(publicUrl ?? own[0] ?? '', firstInvite.invite))),
    noteLine('stop', serveTexts.stopKey),
  ]
  return `${lines.join('\n')}\n`
}

function noteLine(label: keyof typeof serveTexts.labels | undefined, text: string): string {
  const widest = Math.max(...Object.values(serveTexts.labels).map(({ length }) => length))
  return `  ${(label === undefined ? '' : serveTexts.labels[label]).padEnd(widest)}  ${text}`
}

function invitation(link: string): string[] {
  return [noteLine('invite', link), noteLine(undefined, serveTexts.firstInvite)]
}

function notes({ profile, lab }: Settings, port: number): string[] {
  const lines: string[] = []
  if (profile === 'classroom' && lab === 'guarded') {
    lines.push(noteLine('note', serveTexts.sharedAddress))
  }
  if (lab === 'open') lines.push(noteLine('note', serveTexts.labOpen))
  if (isAirPlays(port)) lines.push(noteLine('note', serveTexts.airPlayAnswers))
  return lines
}

/** What people can type: for a listener on every address, those of this machine. */
function addresses({ host, tls }: Settings, port: number): string[] {
  const everywhere = host === '0.0.0.0' || host === '::'
  const own = Object.values(networkInterfaces())
    .flat()
    .filter(address => address !== undefined && address.family === 'IPv4' && !address.internal)
    .map(address => address?.address ?? '')
  const hosts = everywhere ? [...own, '127.0.0.1'] : [host]
  const scheme = tls === undefined ? 'http' : 'https'
  return hosts.map(name => `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`)
}

function shortPath(path: string): string {
  const near = relative('.', path)
  return near.startsWith('..') ? path : `./${near}`
}
