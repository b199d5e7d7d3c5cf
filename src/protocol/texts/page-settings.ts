// What the page says in its settings: how it looks, who sees what, sign-ins, the password, the account.
import { ago, counted } from './format.ts'
import type { Sentence } from './sentence.ts'

export const settings = 'Settings' as Sentence

// ── How it looks ──

export const appearance = 'Appearance' as Sentence
export const theme = 'Colours' as Sentence
export const system = 'System' as Sentence
export const light = 'Light' as Sentence
export const dark = 'Dark' as Sentence

// ── Notifications ──

export const notifications = 'Notifications' as Sentence
export const allow = 'Allow notifications' as Sentence
export const allowed =
  'Notifications are allowed: they come while this page is open and you look elsewhere.' as Sentence
export const denied =
  'This browser blocks notifications from here; its own settings for this page allow them.' as Sentence
export const notAsked =
  'A notification tells you of new messages while this page is open and you look elsewhere.' as Sentence
export const needHttps = 'Browsers show notifications only over HTTPS, and this address is plain HTTP.' as Sentence
export const notHere = 'This browser has no notifications.' as Sentence

// ── Presence ──

export const privacy = 'Privacy' as Sentence
export const showPresence = 'Show that I am here' as Sentence
export const showPresenceHint =
  'People you talk with see whether you are here, when you were last, and that you are typing.' as Sentence

// ── Sessions ──

export const sessions = 'Signed in' as Sentence
export const sessionsHint = 'Every browser and program that is signed in as you. What you do not know, end.' as Sentence
export const thisOne = 'This one' as Sentence
export const unnamed = 'Unnamed' as Sentence
export const end = 'End' as Sentence

export function endSession(label: string): Sentence {
  return `End ${label}` as Sentence
}

export function lastUsed(atSeconds: number, nowSeconds: number): Sentence {
  if (nowSeconds - atSeconds < 60) return 'used just now' as Sentence
  return `last used ${ago(atSeconds, nowSeconds)}` as Sentence
}

// ── Password ──

export const password = 'Password' as Sentence
export const currentPassword = 'Present password' as Sentence
export const newPassword = 'New password' as Sentence
export const changePassword = 'Change password' as Sentence
export const changeEnds = 'All other sessions end: only this one stays signed in.' as Sentence
export const changed = 'The password is changed, and all other sessions have ended.' as Sentence

// ── The account ──

export const account = 'Account' as Sentence
export const admin = 'Admin of this server' as Sentence
export const signOut = 'Sign out' as Sentence
export const signOutHint = 'Messages and drafts that this browser keeps are removed from it.' as Sentence
export const deleteAccount = 'Delete account' as Sentence
export const deleteHint =
  'For good: your messages are erased for everybody, and your name is never given again.' as Sentence
export const deleteForGood = 'Delete for good' as Sentence
export const deletePassword = 'Your password, to confirm' as Sentence
export const deleted = 'Your account is deleted.' as Sentence

export function since(date: string): Sentence {
  return `here since ${date}` as Sentence
}

/** Before signing out with messages that are not sent yet. */
export function signOutUnsent(count: number): Sentence {
  const messages = counted(count, { one: '# message is', other: '# messages are' })
  return `${messages} not sent yet. Signing out deletes them for good.` as Sentence
}
