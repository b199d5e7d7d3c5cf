// `hullo login`, `logout` and `whoami`: the sessions that are kept on this machine for the other commands.
import * as help from '../../protocol/texts/commands-help.ts'
import { Command } from 'commander'
import { nobodySignedIn, signedIn, signedOut, speaks, stillOnServer } from '../../protocol/texts/commands.ts'
import { isSignedOut } from '../../sdk/errors.ts'
import { resume } from '../../sdk/sdk.ts'
import { forgetSession, type KeptSession, keptSessions, OpenToOthers } from '../../terminal/kept-sessions.ts'
import { printableName } from '../../terminal/printable.ts'
import { keptFor, serverOf, signInAnew, SignInTrouble } from '../../terminal/sign-in.ts'
import { Complained, complaintOf } from '../report.ts'
import { type Call, callAs, callV1, type SessionOptions, withSessionOptions } from '../session.ts'

export function loginCommand(): Command {
  const command = new Command('login').description(help.login).argument('[name]', help.account)
  return withSessionOptions(command).action(login)
}

export function logoutCommand(): Command {
  const command = new Command('logout')
    .description(help.logout)
    .argument('[name]', help.logoutName)
    .option('--all', help.logoutAll)
  return withSessionOptions(command).action(logout)
}

export function whoamiCommand(): Command {
  return withSessionOptions(new Command('whoami').description(help.whoami)).action((options: SessionOptions) =>
    callAs(options, async (me, { print, opened: { server } }) => {
      await print(speaks(printableName(me.name), server), { name: me.name, server, account: me.account })
    }),
  )
}

function login(name: string | undefined, options: SessionOptions): Promise<void> {
  return callV1(options, async ({ wanted, print }) => {
    const before = await keptBefore(wanted.server, name ?? wanted.name)
    const { me, server, notKept } = await signInAnew({ ...wanted, name: name ?? wanted.name }, before)
    if (notKept !== undefined) {
      await me.signOut().catch(() => me.close())
      throw notKept
    }
    await me.close()
    await endOld(before, me.token, wanted.signal)
    await print(signedIn(printableName(me.name), server), { signedIn: me.name, server })
  })
}

/** Also one that must not be used any more, since others can read it. */
async function keptBefore(server: string | undefined, name: string | undefined): Promise<KeptSession | undefined> {
  try {
    return await keptFor(server, name)
  } catch (error) {
    if (error instanceof OpenToOthers) return error.session
    throw error
  }
}

/** The session that was kept there before: its token is gone from here, so nobody else could end it. */
async function endOld(before: KeptSession | undefined, token: string | undefined, signal: AbortSignal): Promise<void> {
  if (before === undefined || before.token === token) return
  await (await resume(before)).signOut({ signal }).catch(() => {})
}

function logout(name: string | undefined, options: SessionOptions & { readonly all?: true }): Promise<void> {
  return callV1(options, async call => {
    const { server, name: as } = call.wanted
    const kept = options.all === true ? await keptAt(server) : [await keptFor(server, name ?? as)]
    const sessions = kept.filter(one => one !== undefined)
    if (sessions.length === 0) throw new SignInTrouble('not-signed-in', nobodySignedIn)
    for (const session of sessions) await endSession(session, call)
  })
}

async function keptAt(server: string | undefined): Promise<readonly KeptSession[]> {
  const href = server === undefined ? undefined : serverOf(server)
  return (await keptSessions()).filter(one => href === undefined || one.server === href)
}

/** Forgotten here in any case: who signs out on a machine must be able to leave it, also without a network. */
async function endSession(session: KeptSession, { print, wanted: { signal } }: Call): Promise<void> {
  const { server, name } = session
  const failed = await (await resume(session)).signOut({ signal }).then(
    () => undefined,
    (error: unknown) => (isSignedOut(error) ? undefined : error),
  )
  await forgetSession(session)
  if (failed !== undefined) {
    const complaint = complaintOf(failed, signal)
    throw new Complained({ ...complaint, message: stillOnServer(name, server, complaint.message) })
  }
  await print(signedOut(printableName(name), server), { signedOut: name, server })
}
