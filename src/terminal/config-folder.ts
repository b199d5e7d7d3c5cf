// Where a person's own settings for Hullo are kept on this machine, by the custom of each system. It only names the
// folder; it makes and reads nothing.
import { userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * HULLO_CONFIG if it is set; else `hullo` in XDG_CONFIG_HOME or ~/.config, on macOS in ~/Library/Application Support, on
 * Windows in %APPDATA%. Undefined where there is no home, as under some services. A relative path does not count
 * (XDG Base Directory Specification, "Environment variables"): what it means would depend on where one stands.
 */
export function configFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const own = absolute(env['HULLO_CONFIG'])
  if (own !== undefined) return own
  const parent = platform === 'win32' ? absolute(env['APPDATA']) : absolute(env['XDG_CONFIG_HOME'])
  if (parent !== undefined) return join(parent, 'hullo')
  const home = platform === 'win32' ? absolute(env['USERPROFILE']) : (absolute(env['HOME']) ?? homeOfRecord())
  if (home === undefined) return undefined
  if (platform === 'win32') return join(home, 'AppData', 'Roaming', 'hullo')
  return platform === 'darwin' ? join(home, 'Library', 'Application Support', 'hullo') : join(home, '.config', 'hullo')
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined
}

/** As the system knows it: of a process whose environment says nothing. */
function homeOfRecord(): string | undefined {
  try {
    return absolute(userInfo().homedir)
  } catch {
    return undefined // a process whose user has no entry
  }
}
