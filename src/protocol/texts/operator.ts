// What the commands say that an operator runs in the data folder of a stopped server.
import { counted, dayAndTime } from './format.ts'
import type { Sentence } from './sentence.ts'

export const makeInvite = 'make an invite, in the data folder of a stopped server' as Sentence
export const inviteAdmin = 'whoever uses it becomes admin' as Sentence
export const inviteUses = 'accounts that can be made with it' as Sentence
export const inviteUrl = 'address of the server, for the link' as Sentence
export const listInvites = 'list the open invites, or withdraw one, in the data folder of a stopped server' as Sentence
export const withdrawInvite = 'take this invite back; the beginning of its id is enough' as Sentence
export const resetPassword = 'give an account another password, in the data folder of a stopped server' as Sentence
export const account = 'the account' as Sentence
export const passwordMin = 'shortest password' as Sentence

/** Who made an invite that no account made. */
export const operator = 'the operator' as Sentence

export interface OpenInvite {
  readonly usesLeft: number
  readonly expiresAtSeconds: number
  readonly maker: string
  readonly makesAdmin: boolean
}

/** What stands behind the id of an invite in the list. */
export function openInvite({ usesLeft, expiresAtSeconds, maker, makesAdmin }: OpenInvite): Sentence {
  const uses = counted(usesLeft, { one: '# use left', other: '# uses left' })
  const admin = makesAdmin ? '  makes admins' : ''
  return `until ${dayAndTime(expiresAtSeconds)}  ${uses}  by ${maker}${admin}` as Sentence
}

/** Names, ids and paths as they were given: who prints it makes them safe. */
export function noAccount(name: string): Sentence {
  return `There is no account ${name}.` as Sentence
}

export function passwordReset(name: string): Sentence {
  return `${name} has another password; all its sessions are over.` as Sentence
}

export function noDatabase(folder: string): Sentence {
  return `There is no database in ${folder}. Name the folder of the server with --data DIR.` as Sentence
}

export function noInvite(id: string): Sentence {
  return `There is no open invite ${id}. (hullo invites lists them.)` as Sentence
}

export function severalInvites(id: string): Sentence {
  return `Several invites begin with ${id}. Give more of the id.` as Sentence
}

export function withdrawn(id: string): Sentence {
  return `${id} lets nobody in any more.` as Sentence
}
