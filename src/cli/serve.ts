// `hullo serve`: starts the server, says where it is, and stops it when it is told to.
import { networkInterfaces } from 'node:os'
import { join, relative } from 'node:path'
import { Command } from 'commander'
import pino from 'pino'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import { CannotOpen, type Store } from '../store/store.ts'
import { BadSetting } from './bad-setting.ts'
import { readPage } from './page.ts'
import { inviteLink } from '../http/v1/invite-routes.ts'
import { type Server, startServer } from './server.ts'
import { addSettings, readSettings, type Settings } from './settings.ts'
import { whenAskedToStop } from './stop.ts'

export function serveCommand(): Command {
  const command = new Command('serve').description('start the server (npm start does this)')
  return addSettings(command).action(async () => {
    try {
      await serve(readSettings(command), dir => openSqlite(dir))
    } catch (error) {
      if (!(error instanceof BadSetting || error instanceof CannotOpen || error instanceof CannotListen)) throw error
      process.stderr.write(`${error.message}\n`)
      process.exitCode = 1
    }
  })
}

/** Serves until SIGINT or SIGTERM. `open` gives the store of a data folder. */
export async function serve(settings: Settings, open: (dir: string) => Store): Promise<void> {
  const log = pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }))
  const page = readPage(line => process.stderr.write(`${line}\n`))
  const store = open(settings.data)
  const server = await startServer(settings, store, log, page).catch((error: NodeJS.ErrnoException) => {
    throw cannotListen(error, settings)
  })
  log.info({ node: process.version, port: server.port }, 'listening')
  // Before the greeting: whoever reads it may ask at once.
  const stopped = whenAskedToStop()
  process.stdout.write(greeting(settings, server))
  await stopped
  process.stdout.write('Stopping: finishing what is in flight ...\n')
  await server.close()
  process.stdout.write('Stopped. Everything that was acknowledged is stored.\n')
}

class CannotListen extends Error {
  override readonly name = 'CannotListen'
}

function cannotListen(error: NodeJS.ErrnoException, { host, port }: Settings): Error {
  const sentence = {
    EADDRINUSE: `Port ${port} on ${host} is taken: ${culprit(port)} Choose another one with --port, say --port ${port === 5_055 ? 5_056 : 5_055}.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine, so nothing can listen there. Choose one with --host.`,
    ENOTFOUND: `${host} is not an address, and no name that this machine knows. Choose one with --host.`,
    EACCES: `This account may not listen on port ${port}; ports below 1024 are reserved. Choose another with --port.`,
  }[error.code ?? '']
  return sentence === undefined ? error : new CannotListen(sentence, { cause: error })
}

function culprit(port: number): string {
  return process.platform === 'darwin' && port === 5_000
    ? 'on macOS that is usually AirPlay Receiver (System Settings, General, AirDrop & Handoff).'
    : 'most likely another Hullo or Flask server is running.'
}

function greeting(settings: Settings, { port, firstInvite }: Server): string {
  const { profile, lab, data, publicUrl } = settings
  const own = addresses(settings, port)
  const lines = [
    `Hullo is listening on ${own.join(' and ')}`,
    `  data     ${shortPath(join(data, 'hullo.sqlite'))}`,
    `  profile  ${profile}, lab routes ${lab} (hullo serve --help shows what can be set)`,
    ...notes(settings, port),
    ...(firstInvite === undefined ? [] : invitation(inviteLink(publicUrl?.href ?? own[0] ?? '', firstInvite.invite))),
    '  stop     Ctrl-C',
  ]
  return `${lines.join('\n')}\n`
}

function invitation(link: string): string[] {
  return [
    `  invite   ${link}`,
    '           (what stands behind invite= makes the first account, who is admin; once, within 24 hours)',
  ]
}

function notes({ profile, lab }: Settings, port: number): string[] {
  const lines: string[] = []
  if (profile === 'classroom' && lab === 'guarded') {
    lines.push(
      '  note     people behind one address (a shared computer, a router) can act for one another on the lab routes',
    )
  }
  if (lab === 'open') lines.push('  note     --lab open: everybody can read and send as anybody')
  if (process.platform === 'darwin' && port === 5_000) {
    lines.push('  note     on macOS type 127.0.0.1, not localhost: AirPlay answers there')
  }
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
