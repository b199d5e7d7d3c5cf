// What the page for browsers says around the messages: its buttons, its labels, its empty places. What happens in a
// conversation stands in entries.ts, what is said of people in people.ts.
import { countUpTo, counted } from './format.ts'
import type { Sentence } from './sentence.ts'

// ── Signing in ──

export const tagline = 'Messages that stay yours.' as Sentence
export const signIn = 'Sign in' as Sentence
export const makeAccount = 'Create account' as Sentence
export const nameLabel = 'Name' as Sentence
export const passwordLabel = 'Password' as Sentence
export const inviteLabel = 'Invite link or code' as Sentence
export const inviteHint = 'You need an invite link. Ask whoever runs this server.' as Sentence
export const registrationClosed = "This server isn't accepting new accounts." as Sentence
export const showPassword = 'Show password' as Sentence
export const hidePassword = 'Hide password' as Sentence
export const newHere = 'New here?' as Sentence
export const alreadyHere = 'Already have an account?' as Sentence
export const invited = 'You are invited. Choose a name and a password.' as Sentence
export const cannotReach = "Can't reach Hullo. Check your connection." as Sentence
export const sessionEnded = 'Your session has ended. Sign in again to go on.' as Sentence
export const sessionEndedWithDrafts =
  'Your session has ended. Sign in again to go on: what you wrote and did not send is still here.' as Sentence
export const plainHttp =
  'This address is plain HTTP: you stay signed in in this tab only, for 12 hours after you last use it. Notifications need HTTPS.' as Sentence

/** At the beginning of a refusal, in place of what the API calls a field. */
export const fieldNames: Readonly<Record<string, string>> = {
  current: 'Current password',
  next: 'New password',
  text: 'The text',
  to: 'The address',
  uses: 'Number of people',
}

// ── The frame ──

export const conversations = 'Conversations' as Sentence
export const noConversations = 'No conversations yet' as Sentence
export const noList = 'The conversations could not be loaded.' as Sentence
export const noConversationsYet = 'Write to somebody by name, or join a room.' as Sentence
export const nothingOpen = 'Choose a conversation, or start one.' as Sentence

/** On a keyboard of Apple's the key that programs take is another. */
export function switchKeys(isApple: boolean): Sentence {
  return `${isApple ? '⌘K' : 'Ctrl-K'} finds one by its name.` as Sentence
}

/** To somebody who is signed in and opened an invite link. */
export function invitedAlready(name: string): Sentence {
  return `You are signed in as ${name} already. This invite is for making another account.` as Sentence
}

export const signOutAndUse = 'Sign out and use the invite' as Sentence
export const goBack = 'Back' as Sentence
export const back = 'Back to conversations' as Sentence
export const close = 'Close' as Sentence
export const cancel = 'Cancel' as Sentence
export const save = 'Save' as Sentence
export const tryAgain = 'Try again' as Sentence
export const loading = 'Loading' as Sentence
export const partMissing = 'This part of the page could not be loaded.' as Sentence
export const loadAgain = 'Load the page again' as Sentence
export const notFound = 'There is nothing here.' as Sentence
export const toStart = 'Back to the start' as Sentence

export const connecting = 'Connecting …' as Sentence
export const waitingForNetwork = 'Not connected. What you write is sent when the connection is back.' as Sentence

// ── A conversation ──

export const messages = 'Messages' as Sentence
export const send = 'Send' as Sentence
export const beginning = 'This is where it begins.' as Sentence
export const sayHello = 'Nothing here yet. Say hello!' as Sentence
export const newMessages = 'New' as Sentence
export const toNewest = 'To the newest message' as Sentence
export const draft = 'Draft:' as Sentence
export const you = 'You' as Sentence
export const yourself = 'Notes to yourself' as Sentence
export const sending = 'Sending' as Sentence
export const stored = 'Stored' as Sentence
export const read = 'Read' as Sentence
export const notSent = 'Not sent.' as Sentence
export const waitingForAnswer = 'Deleting' as Sentence
export const deleteUnsent = 'Delete' as Sentence
export const mayBeStored =
  'This message was already on its way and may have been delivered. If it appears, delete it there.' as Sentence
export const storedAlready = 'This message was delivered before it could be deleted.' as Sentence
export const actions = 'What to do with this message' as Sentence
export const edit = 'Edit' as Sentence
export const erase = 'Erase' as Sentence
export const copyText = 'Copy text' as Sentence
export const copyLink = 'Copy link' as Sentence
export const copied = 'Copied.' as Sentence
export const notCopied = 'Could not copy. Select the text and copy it yourself.' as Sentence
export const editing = 'Editing your message' as Sentence
export const savingEdit = 'Saving your edit' as Sentence
export const editFirst = 'Save or cancel your other edit first.' as Sentence
export const eraseAsk = 'Erase this message for everybody? Its text cannot be brought back.' as Sentence
export const silenced = 'An owner of this room has silenced you: you read along, but cannot write.' as Sentence
export const roomClosed = 'This room is closed for writing.' as Sentence
export const notIn = 'You are not in this room, or there is none of that name.' as Sentence
export const noHistory = 'The messages could not be loaded.' as Sentence

/** Below the field: the edit is still in it. */
export function editNotSaved(why: string): Sentence {
  return `Not saved. ${why}` as Sentence
}

/** Something between this browser and Hullo answered in its place. */
export function blockedOnTheWay(status: number): Sentence {
  return `A proxy or firewall blocked this (HTTP ${status}).` as Sentence
}

/** How long a message is that is too long to be sent. */
export function tooLong(overBytes: number): Sentence {
  return `${counted(overBytes, { one: '# byte', other: '# bytes' })} too long to be sent` as Sentence
}

/** Above the field while one writes to somebody or into a room. */
export function writeTo(name: string): Sentence {
  return `Message ${name}` as Sentence
}

/** On a badge: a thousand is as good as more. */
export function unreadBadge(count: number): string {
  return countUpTo(999, count)
}

export function unreadCount(count: number): Sentence {
  if (count > 999) return 'more than 999 unread' as Sentence
  return counted(count, { other: '# unread' }) as Sentence
}

export function newBelow(count: number): Sentence {
  if (count > 999) return 'more than 999 new messages' as Sentence
  return counted(count, { one: '# new message', other: '# new messages' }) as Sentence
}

export function saidBy(name: string, text: string): Sentence {
  return `${name}: ${text}` as Sentence
}

// ── Finding ──

export const switchTo = 'Go to …' as Sentence
export const switchLabel = 'Name of a person or a room' as Sentence
export const publicRoom = 'Public room' as Sentence
export const nobodyFound = 'No matches.' as Sentence

// ── Notifications ──

export const notify = 'Show notifications' as Sentence
