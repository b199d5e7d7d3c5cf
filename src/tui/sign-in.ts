// Who one is, asked by the chat: an account that is there or a new one, at a server. The form and the plain questions end
// here both; a session that comes of it is kept for the next time.
import * as says from '../protocol/texts/terminal.ts'
import { type Me, register, signIn } from '../sdk/sdk.ts'
import { keep, serverOf, sessionLabel } from '../terminal/sign-in.ts'

export interface Asked {
  /** What is offered; as typed, or empty. */
  readonly server: string
  readonly name: string
  /** Why one is asked: a session that is over, say. */
  readonly trouble?: string | undefined
}

export interface Answers {
  readonly server: string
  readonly name: string
  readonly password: string
  readonly isNew: boolean
  readonly invite: string
}

export interface SignedIn {
  readonly me: Me
  /** As it is kept. */
  readonly server: string
  /** Why it is not kept, where it is not. */
  readonly note?: string
}

/** Signs in, or makes the account first. Throws what the client library throws. */
export async function enter({ server: typed, name, password, isNew, invite }: Answers): Promise<SignedIn> {
  const server = serverOf(typed.trim() === '' ? undefined : typed.trim())
  const credentials = { server, name: name.trim(), password, label: sessionLabel() }
  const entered = isNew
    ? await register({ ...credentials, ...(invite.trim() !== '' && { invite: invite.trim() }) })
    : await signIn(credentials)
  const { me, notKept } = await keep(entered, server)
  return { me, server, ...(notKept !== undefined && { note: says.notKept(notKept.message) }) }
}
