// The settings of `hullo serve`: one definition gives the flags, the HULLO_* variables, their help and their checks.
// Read once, checked, frozen.
import { isIP } from 'node:net'
import { type Command, Option } from 'commander'
import { parseTrustedProxies, type TrustedProxies } from '../../net/address.ts'
import type { Tls } from '../../http/app/app.ts'
import { BadSetting } from './bad-setting.ts'
import { checked, parseAddress, parsePublicUrl, unlimited, whole, wholeOrUnlimited } from './option-values.ts'
import { readTls } from '../tls.ts'
import { mebibyte, type Profile, type ProfileName, profileNames, profiles } from './profiles.ts'
import * as settingTexts from '../../protocol/texts/settings.ts'

export interface Settings extends Profile {
  readonly profile: ProfileName
  readonly port: number
  readonly data: string
  readonly trustedProxies: TrustedProxies | undefined
  readonly tls: Tls | undefined
  readonly publicUrl: URL | undefined
  readonly allowedOrigins: readonly string[]
  readonly logLevel: string
  /** Free bytes of the disk below which nothing is stored any more; 0 for no bound. */
  readonly freeDiskBytesMin: number
  /** A reader that takes nothing for this long, although something waits for it, is cut. */
  readonly stalledReaderMs: number
}

/** What commander hands over: a value where one was given or has a default for every profile. */
interface Given {
  readonly profile: ProfileName
  readonly host?: string
  readonly port: number
  readonly data: string
  readonly registration?: Profile['registration']
  readonly passwordMin?: number
  readonly guessesPerDay?: number
  readonly lab?: Profile['lab']
  readonly trustProxy?: TrustedProxies
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly insecureHttp: 'yes' | 'no'
  readonly publicUrl?: URL
  readonly allowOrigin?: readonly string[]
  /** Mebibytes. */
  readonly storedPerDay?: number
  /** Mebibytes. */
  readonly freeDiskMin: number
  /** Seconds. */
  readonly stalledReader: number
  readonly logLevel: string
}

const options: readonly Option[] = [
  new Option('--profile <name>', settingTexts.profile).choices(profileNames).default('local'),
  new Option('--host <address>', settingTexts.host(byProfile('host'))),
  new Option('--port <number>', settingTexts.port).argParser(whole(0, 65_535)).default(5_000),
  new Option('--data <dir>', settingTexts.data).default('./hullo-data'),
  new Option('--lab <mode>', settingTexts.lab(byProfile('lab'))).choices(['guarded', 'open', 'off']),
  new Option('--registration <mode>', settingTexts.registration(byProfile('registration'))).choices([
    'open',
    'invite',
    'closed',
  ]),
  new Option('--password-min <characters>', settingTexts.passwordMin(byProfile('passwordMin'))).argParser(whole(1, 64)),
  new Option('--guesses-per-day <number>', settingTexts.guessesPerDay(byProfile('guessesPerDay'))).argParser(
    wholeOrUnlimited(25, 1_000_000),
  ),
  new Option('--trust-proxy <list>', settingTexts.trustProxy).argParser(checked(parseTrustedProxies)),
  new Option('--tls-cert <file>', settingTexts.tlsCert),
  new Option('--tls-key <file>', settingTexts.tlsKey),
  new Option('--insecure-http [answer]', settingTexts.insecureHttp).choices(['yes', 'no']).preset('yes').default('no'),
  new Option('--public-url <url>', settingTexts.publicUrl).argParser(checked(parsePublicUrl)),
  new Option('--allow-origin <list>', settingTexts.allowOrigin).argParser(
    checked(list => list.split(',').map(item => parseAddress(item.trim()).origin)),
  ),
  new Option('--stored-per-day <MiB>', settingTexts.storedPerDay(storedByProfile())).argParser(
    wholeOrUnlimited(1, 1_000_000),
  ),
  new Option('--free-disk-min <MiB>', settingTexts.freeDiskMin).argParser(whole(0, 1_000_000)).default(256),
  new Option('--stalled-reader <seconds>', settingTexts.stalledReader).argParser(whole(1, 3_600)).default(30),
  new Option('--log-level <level>', settingTexts.logLevel)
    .choices(['debug', 'info', 'warn', 'error', 'silent'])
    .default('warn'),
]

/** Adds the flags; each can also be set in the environment, `--trust-proxy` as HULLO_TRUST_PROXY. */
export function addSettings(command: Command): Command {
  for (const option of options) {
    command.addOption(option.env(`HULLO_${option.name().toUpperCase().replaceAll('-', '_')}`))
  }
  return command
}

/** The settings as given, with the profile's where nothing was. Throws BadSetting. */
export function readSettings(command: Command): Settings {
  const given = command.opts<Given>()
  const profile = profiles[given.profile]
  const settings: Settings = {
    ...profile,
    profile: given.profile,
    host: given.host ?? profile.host,
    port: given.port,
    data: given.data,
    registration: given.registration ?? profile.registration,
    passwordMin: given.passwordMin ?? profile.passwordMin,
    guessesPerDay: given.guessesPerDay ?? profile.guessesPerDay,
    lab: given.lab ?? profile.lab,
    trustedProxies: given.trustProxy,
    tls: readTls(given.tlsCert, given.tlsKey),
    publicUrl: given.publicUrl,
    allowedOrigins: given.allowOrigin ?? [],
    logLevel: given.logLevel,
    storedBytesPerDay: given.storedPerDay === undefined ? profile.storedBytesPerDay : given.storedPerDay * mebibyte,
    stalledReaderMs: given.stalledReader * 1_000,
    freeDiskBytesMin: given.freeDiskMin * mebibyte,
  }
  check(settings, given.insecureHttp === 'yes')
  return Object.freeze(settings)
}

function check({ profile, host, tls, trustedProxies, data }: Settings, insecureHttp: boolean): void {
  if (profile === 'public' && tls === undefined && trustedProxies === undefined && !insecureHttp) {
    throw new BadSetting(settingTexts.publicNeedsTls)
  }
  if (profile === 'local' && !isLoopback(host)) {
    throw new BadSetting(settingTexts.localOnly(host))
  }
  if (data === '') throw new BadSetting(settingTexts.noData)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function storedByProfile(): string {
  const typed = (bytes: number) => (bytes === Infinity ? unlimited : bytes / mebibyte)
  return profileNames.map(name => `${name}: ${typed(profiles[name].storedBytesPerDay)}`).join(', ')
}

function byProfile(key: 'host' | 'lab' | 'registration' | 'passwordMin' | 'guessesPerDay'): string {
  const valueOf = (name: ProfileName) => (profiles[name][key] === Infinity ? unlimited : profiles[name][key])
  return profileNames.map(name => `${name}: ${valueOf(name)}`).join(', ')
}
