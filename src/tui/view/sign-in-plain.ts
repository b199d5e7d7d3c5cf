// The sign-in as questions, one line each, for screen readers.
import * as says from '../../protocol/texts/terminal.ts'
import { Refused } from '../../sdk/sdk.ts'
import { printableLine } from '../../terminal/printable.ts'
import { type Interruption, openPrompt } from '../../terminal/prompt.ts'
import { type Asked, enter, type SignedIn } from '../sign-in.ts'
import { messageOf } from '../../terminal/reason.ts'

/** Asks until a server takes it; undefined where one leaves. */
export async function signInPlainly(asked: Asked, interruption: Interruption): Promise<SignedIn | undefined> {
  await using prompt = openPrompt(interruption)
  const {
    server: serverField,
    name: nameField,
    password: passwordField,
    again,
    invite: inviteField,
  } = says.signInFields
  let { server, name, trouble } = asked
  let invite = ''
  let asksInvite = false
  for (;;) {
    if (trouble !== undefined) process.stdout.write(`${printableLine(trouble)}\n`)
    const isNew = (await prompt.ask(says.newHere))?.trim().toLowerCase().startsWith('y')
    if (isNew === undefined) return undefined
    const typedServer = await prompt.ask(`${serverField} [${printableLine(server)}]: `)
    const typedName = await prompt.ask(name === '' ? `${nameField}: ` : `${nameField} [${printableLine(name)}]: `)
    const password = await prompt.askHidden(`${passwordField}: `)
    const repeated = isNew ? await prompt.askHidden(`${again}: `) : password
    if (asksInvite && isNew) invite = (await prompt.ask(`${inviteField}: `)) ?? ''
    if (typedServer === undefined || typedName === undefined || password === undefined) return undefined
    if (typedServer.trim() !== '') server = typedServer
    if (typedName.trim() !== '') name = typedName
    if (repeated !== password) {
      trouble = says.passwordsDiffer
      continue
    }
    try {
      return await enter({ server, name, password, isNew, invite })
    } catch (error) {
      trouble = messageOf(error)
      asksInvite ||= error instanceof Refused && error.code.startsWith('invite-')
    }
  }
}
