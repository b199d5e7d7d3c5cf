// Who plays in these suites: accounts of the client library, and one whose session the terminal finds kept.
import { type Me, register } from '../../src/sdk/sdk.ts'
import { keepSession } from '../../src/terminal/kept-sessions.ts'
import { freshName } from '../lab-http/server.ts'
import { configFolder, openScreen, type Screen, type ScreenOptions } from './screen.ts'

export function newcomer(server: string, name = freshName('p')): Promise<Me> {
  return register({ server, name, password: 'secret' })
}

export interface Seat extends AsyncDisposable {
  /** Who sits there. */
  readonly name: string
  readonly screen: Screen
}

/** A newcomer before a terminal that runs `hullo chat`, signed in by a kept session. `prepare` runs before the start. */
export async function sitDown(
  server: string,
  {
    flags = [],
    prepare,
    ...options
  }: ScreenOptions & { flags?: readonly string[]; prepare?: (me: Me) => Promise<unknown> } = {},
): Promise<Seat> {
  const me = await newcomer(server)
  await prepare?.(me)
  const folder = configFolder()
  await keepSession({ server, name: me.name, token: me.token ?? '', account: me.account }, folder.dir)
  await me.close()
  const screen = openScreen(['chat', ...flags], { ...options, env: { HULLO_CONFIG: folder.dir, ...options.env } })
  return {
    name: me.name,
    screen,
    async [Symbol.asyncDispose]() {
      await screen[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}
