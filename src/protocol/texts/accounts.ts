// What the core says no to about accounts, sign-ins, sessions and invites.
import { quoted } from './format.ts'
import type { Sentence } from './sentence.ts'

export const signInWrong = 'The name or the password is not right.' as Sentence
export const passwordWrong = 'The password is not the right one.' as Sentence
export const changedMeanwhile = 'The password was changed or the account closed meanwhile.' as Sentence
export const closedMeanwhile = 'The account was closed meanwhile.' as Sentence
export const noSession = 'There is no such session of yours, or it is over.' as Sentence
export const registrationClosed = 'This server does not take registrations.' as Sentence
export const registrationByInvite = 'This server takes registrations by invite only.' as Sentence
export const noInvite = 'This invite does not exist, has expired, or has been used.' as Sentence

export function passwordTooWeakNow(charactersMin: number): Sentence {
  return `This password was set when shorter ones were allowed (now ${charactersMin} characters at least).` as Sentence
}

export function noAccount(name: string): Sentence {
  return `There is no account ${quoted(name)}.` as Sentence
}

export function nameTaken(name: string): Sentence {
  return `The name ${quoted(name)} is taken.` as Sentence
}
