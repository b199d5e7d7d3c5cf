// Programs that the suites drive and that a machine may lack: where this is Debian and we are root they are installed,
// elsewhere the tests that want them are skipped with a reason. With CI set, a missing program is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Each program (or file) by the path that shows it is there, with the Debian package that brings it. */
const packages = {
  http: { path: '/usr/bin/http', package: 'httpie' },
  requests: { path: '/usr/lib/python3/dist-packages/requests', package: 'python3-requests' },
  flask: { path: '/usr/lib/python3/dist-packages/flask_sqlalchemy', package: 'python3-flask-sqlalchemy' },
  nc: { path: '/usr/bin/nc.openbsd', package: 'netcat-openbsd' },
  sqlite3: { path: '/usr/bin/sqlite3', package: 'sqlite3' },
  strace: { path: '/usr/bin/strace', package: 'strace' },
  curl: { path: '/usr/bin/curl', package: 'curl' },
  python3: { path: '/usr/bin/python3', package: 'python3' },
  bash: { path: '/usr/bin/bash', package: 'bash' },
  zsh: { path: '/usr/bin/zsh', package: 'zsh' },
  fish: { path: '/usr/bin/fish', package: 'fish' },
  openssl: { path: '/usr/bin/openssl', package: 'openssl' },
  chromium: { path: '/usr/bin/chromium', package: 'chromium' },
} as const

export type Program = keyof typeof packages

/** Debian's own Python, not one that a version manager put before it. */
export const debianPython = '/usr/bin/python3'

/** What playwright-core drives. */
export const chromiumPath = packages.chromium.path

let listsAreFresh = false

/** Installs what is missing. Returns false where all is there, else the reason to skip, as `node:test` takes it. */
export function missing(...programs: readonly Program[]): false | string {
  const absent = programs.filter(program => !existsSync(packages[program].path))
  if (absent.length === 0) return false
  install(absent.map(program => packages[program].package))
  const still = absent.filter(program => !existsSync(packages[program].path))
  if (still.length === 0) return false
  const reason = `needs ${still.map(program => `${packages[program].path} (${packages[program].package})`).join(', ')}`
  if (process.env['CI'] !== undefined) throw new Error(`CI ${reason}`)
  return reason
}

function install(names: readonly string[]): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Another suite may be installing: wait for the lock rather than fail.
  const apt = (...args: string[]) => spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], { env })
  if (!listsAreFresh) listsAreFresh = apt('update', '-qq').status === 0
  apt('install', '-y', '-qq', '--no-install-recommends', ...names)
}
