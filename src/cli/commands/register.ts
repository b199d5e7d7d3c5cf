// `hullo register NAME`: makes an account, signs in and keeps the session.
import * as help from '../../protocol/texts/commands-help.ts'
import { Command } from 'commander'
import { registered, registeredOnly } from '../../protocol/texts/commands.ts'
import { register } from '../../sdk/sdk.ts'
import { printableName } from '../../terminal/printable.ts'
import { keep, serverOf, sessionLabel } from '../../terminal/sign-in.ts'
import { labRegister, withLabOption } from '../lab-calls.ts'
import { callV1, labOptions, type SessionOptions, withSessionOptions } from '../session.ts'

type Options = SessionOptions & { readonly lab?: true; readonly invite?: string }

export function registerCommand(): Command {
  const command = new Command('register')
    .description(help.register)
    .argument('<name>', help.registerName)
    .option('--invite <invite>', help.registerInvite)
  return withSessionOptions(withLabOption(command)).action((name: string, options: Options) =>
    options.lab ? labRegister(name, labOptions(options)) : registerV1(name, options),
  )
}

function registerV1(name: string, options: Options): Promise<void> {
  return callV1(options, async ({ wanted, print, note, newPassword }) => {
    const server = serverOf(wanted.server)
    const password = await newPassword(name)
    const invite = options.invite === undefined ? undefined : inviteOf(options.invite)
    const me = await register({
      server,
      name,
      password,
      label: sessionLabel(),
      signal: wanted.signal,
      ...(invite && { invite }),
    })
    const { notKept } = await keep(me, server)
    if (notKept !== undefined) {
      note(notKept.message)
      await me.signOut().catch(() => {})
    }
    await me.close()
    const said = notKept === undefined ? registered : registeredOnly
    await print(said(printableName(me.name), server), { registered: me.name, server, account: me.account })
  })
}

/** What stands behind `invite=` in a link, or the whole. */
function inviteOf(typed: string): string {
  return /[?#&]invite=([^&#]+)/.exec(typed)?.[1] ?? typed
}
