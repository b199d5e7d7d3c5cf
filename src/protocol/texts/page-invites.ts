// What the page says where one lets others in: the server's address, and an admin's invite links.
import { counted, dayAndTime } from './format.ts'
import type { Sentence } from './sentence.ts'

export const invite = 'Invite people' as Sentence
export const address = 'The address of this server' as Sentence
export const addressHint = 'Whoever opens it can sign in. A phone’s camera reads the code.' as Sentence
export const onlyHere =
  'This address works on this computer only; other devices need the one of its network.' as Sentence
export const copy = 'Copy' as Sentence
export const codeOf = 'QR code of the address' as Sentence
export const codeOfInvite = 'QR code of the invite link' as Sentence

export const links = 'Invite links' as Sentence
export const linksHint =
  'Who opens an invite link can make an account, also where registration is by invite.' as Sentence
export const uses = 'For how many people' as Sentence
export const lifetime = 'Good for' as Sentence
export const makesAdmin = 'Make them admins' as Sentence
export const makesAdminHint = 'Admins invite others, and withdraw invites.' as Sentence
export const make = 'Make invite link' as Sentence
export const made = 'Here is the link. It is shown this once: send it now.' as Sentence
export const open = 'Open invites' as Sentence
export const none = 'No invite is open.' as Sentence
export const withdraw = 'Withdraw' as Sentence
export const withdrawAsk =
  'Withdraw this invite? Its link lets nobody in any more; who came in with it, stays.' as Sentence
export const forAdmins = 'an admin’s invite' as Sentence
export const byServer = 'made by the server' as Sentence

/** How long an invite can be good. */
export const lifetimes: readonly { readonly seconds: number; readonly name: Sentence }[] = [
  { seconds: 3_600, name: 'an hour' as Sentence },
  { seconds: 86_400, name: 'a day' as Sentence },
  { seconds: 604_800, name: 'a week' as Sentence },
  { seconds: 2_592_000, name: '30 days' as Sentence },
]

export function usesLeft(count: number): Sentence {
  return counted(count, { one: 'for # person', other: 'for # people' }) as Sentence
}

export function madeBy(name: string): Sentence {
  return `made by ${name}` as Sentence
}

export function until(atSeconds: number): Sentence {
  return `until ${dayAndTime(atSeconds)}` as Sentence
}
