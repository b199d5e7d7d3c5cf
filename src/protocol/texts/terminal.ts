// What the terminal's chat says: its commands, its screens, its notices. What stands in a sentence comes from people and
// servers: whoever shows it makes it safe for a terminal first.
import { counted, number } from './format.ts'
import type { Sentence } from './sentence.ts'

// ── Commands ──

/** What each command does, for `/help`. */
export const commandSummaries = {
  msg: 'Write to somebody; with a text it is sent at once.' as Sentence,
  open: 'Go to a conversation.' as Sentence,
  join: 'Enter a public room; without a name, see which there are.' as Sentence,
  create: 'Make a room that everybody can find.' as Sentence,
  'create-private': 'Make a room that only those you invite see.' as Sentence,
  leave: 'Leave this room.' as Sentence,
  invite: 'Bring somebody into this room.' as Sentence,
  remove: 'Put somebody out of this room.' as Sentence,
  owner: 'Make somebody an owner of this room.' as Sentence,
  topic: 'Show or set what this room is about.' as Sentence,
  members: 'Who is in this conversation.' as Sentence,
  edit: 'Change your last message, or the one that is marked.' as Sentence,
  delete: 'Erase your last message, or the one that is marked.' as Sentence,
  retry: 'Send your last unsent message again, or the one that is marked.' as Sentence,
  search: 'Find messages in all your conversations.' as Sentence,
  people: 'Who else is on this server.' as Sentence,
  block: 'Hear nothing from somebody any more; without a name, see whom you block.' as Sentence,
  unblock: 'Hear from somebody again.' as Sentence,
  sessions: 'Where you are signed in, and ending one.' as Sentence,
  'sign-out': 'End this session on the server too, and forget it here.' as Sentence,
  help: 'Commands and keys.' as Sentence,
  quit: 'Leave; you stay signed in.' as Sentence,
} as const

export function unknownCommand(name: string): Sentence {
  return `There is no command /${name}. /help shows them; to write a message that begins with / begin it with //.` as Sentence
}

export function usage(form: string): Sentence {
  return `It is written so: ${form}` as Sentence
}

export const needsConversation = 'Open a conversation first: /msg NAME, /join or /open.' as Sentence
export const needsRoom = 'That is for rooms; this is a conversation of two.' as Sentence

// ── The screen ──

/** Conversations that the list has no room for. */
export function moreInList(count: number): Sentence {
  return `${number(count)} more` as Sentence
}

export const noConversations = 'None yet' as Sentence
export const newOnes = 'new' as Sentence
export const beginning = 'This is where it begins.' as Sentence
export const loadingOlder = 'Loading what was before' as Sentence
export const loading = 'Loading' as Sentence
export const historyMissing = 'The messages could not be loaded.' as Sentence
export const listMissing = 'The conversations are still being loaded. Try again in a moment.' as Sentence
export const nothingYet = 'Nothing has been said here yet.' as Sentence
export const sending = 'sending' as Sentence
export const notSent = 'not sent' as Sentence
export const deletingNow = 'deleting' as Sentence
export const notSentHint = '(/retry sends it again, /edit changes it, /delete deletes it)' as Sentence
export const nothingUnsent = 'There is no unsent message of yours here.' as Sentence
export const mayBeStored =
  'That message was already on its way and may have been delivered. If it appears, delete it there.' as Sentence
export const storedAlready = 'That message was delivered before it could be deleted.' as Sentence
export const read = 'read' as Sentence
export const moreBelow = 'more below: PageDown, or End' as Sentence
export const silencedHere = 'You can read here, but not write.' as Sentence
export const closedHere = 'This room is closed for writing.' as Sentence

export function writeTo(address: string): Sentence {
  return `Write to ${address}` as Sentence
}

export function memberCount(count: number): Sentence {
  return counted(count, { one: '# member', other: '# members' }) as Sentence
}

export function newBelow(count: number): Sentence {
  return counted(count, { one: '# new message below', other: '# new messages below' }) as Sentence
}

export function bytesOver(bytes: number): Sentence {
  return `${number(bytes)} bytes too long` as Sentence
}

/** In place of a conversation, while none is open. */
export const welcome = 'Nobody has written to you yet.' as Sentence
export const welcomeCommands = [
  ['/msg NAME', 'writes to somebody'],
  ['/people', 'shows who is here'],
  ['/join', 'shows the public rooms'],
  ['/create #ROOM', 'makes a room'],
  ['/help', 'shows the rest'],
  ['Tab', 'completes names and commands'],
] as const as readonly (readonly [usage: string, does: string])[]

// ── The connection ──

export const connected = 'connected' as Sentence
export const connecting = 'connecting' as Sentence
export const waitingForServer = 'offline for now' as Sentence
export const sessionOver = 'The session is over. Leave with /quit and start hullo chat to sign in again.' as Sentence

// ── What became of commands ──

export function nowBlocked(name: string): Sentence {
  return `${name} is blocked: neither of you can write to the other.` as Sentence
}

export function nowUnblocked(name: string): Sentence {
  return `${name} is not blocked any more.` as Sentence
}

export const nobodyBlocked = 'You block nobody.' as Sentence

export function noSuchRoom(name: string): Sentence {
  return `There is no public room #${name}. /create #${name} makes one.` as Sentence
}

export function notAMember(address: string): Sentence {
  return `You are not in ${address}. /join enters a public room.` as Sentence
}

export const alreadySo = 'That was so already.' as Sentence
export const noTopic = 'This room has no topic.' as Sentence

export function topicIs(topic: string): Sentence {
  return `The topic: ${topic}` as Sentence
}

export const nothingOfYours = 'There is no message of yours here.' as Sentence
export const nothingOfYoursYet = 'No message of yours is loaded here. PageUp loads older ones.' as Sentence
export const notYours = 'Only your own messages can be changed.' as Sentence
export const editing = 'Changing a message: Enter saves, Esc leaves it as it was.' as Sentence

export function editNotSaved(why: string): Sentence {
  return `Your edit is not saved. ${why}` as Sentence
}

/** The line holds other text by now. */
export function editSetAside(why: string): Sentence {
  return `${editNotSaved(why)} Up brings its text back.` as Sentence
}

export function eraseQuestion(text: string): Sentence {
  return `Erase "${text}"? y erases it.` as Sentence
}

export function leaveQuestion(room: string): Sentence {
  return `Leave ${room}? y leaves it.` as Sentence
}

export const signOutQuestion = 'Sign out and forget this session here? y does it.' as Sentence
export function signOutUnsentQuestion(count: number): Sentence {
  const messages = counted(count, { one: '# unsent message', other: '# unsent messages' })
  return `Sign out and delete ${messages} for good? y does it.` as Sentence
}

/** After leaving. */
export function unsentKept(count: number): Sentence {
  const are = counted(count, { one: '# message is', other: '# messages are' })
  return `${are} not sent yet. hullo chat sends them when you start it again.` as Sentence
}

export const leftAsItWas = 'Left as it was.' as Sentence
export const nothingFound = 'Nothing was found.' as Sentence
export const nothingFoundYet =
  'Nothing was found in the newer messages. Search for more words, or for rarer ones.' as Sentence
export const nobodyFound = 'Nobody was found.' as Sentence
export const noRooms = 'There are no public rooms. /create #ROOM makes one.' as Sentence
export const moreThanShown = 'There are more than are shown here.' as Sentence
export const sessionEnded = 'That session is over.' as Sentence
export const noSuchSession = 'There is no session with that number. /sessions lists them.' as Sentence
export const messageGone = 'That message is too far back to be shown here.' as Sentence
export const stillWaiting = 'Waiting for the server; Ctrl-C goes on without it.' as Sentence
export const leaveHint = 'Ctrl-C once more leaves. You stay signed in.' as Sentence

// ── Lists that take the place of the conversation ──

export const sheetHint = 'Up and Down choose, Enter opens, Esc closes' as Sentence
export const sheetHintPlain = 'PageUp and PageDown look further, Esc closes' as Sentence
export const helpTitle = 'Help' as Sentence
export const keysTitle = 'Keys' as Sentence
export const peopleTitle = 'People' as Sentence
export const roomsTitle = 'Public rooms' as Sentence
export const sessionsTitle = 'Sessions' as Sentence
export const blockedTitle = 'Blocked' as Sentence
export const ownerTag = 'owner' as Sentence
export const silencedTag = 'silenced' as Sentence
export const thisSession = 'this one' as Sentence
export const sessionsHint = '/sessions end NUMBER ends one' as Sentence

export function membersTitle(address: string): Sentence {
  return `Members of ${address}` as Sentence
}

export function foundTitle(words: string): Sentence {
  return `Found: ${words}` as Sentence
}

/** Keys and what they do, for `/help`. */
export const keyHelp = [
  ['Enter', 'send; Alt-Enter, Shift-Enter or Ctrl-J begins a new line'],
  ['Tab', 'complete a name or a command; again for the next one'],
  ['Up, Down', 'what you wrote before'],
  ['PageUp, PageDown', 'look back; End, with nothing written, returns'],
  ['Ctrl-N, Ctrl-P', 'the next and the previous conversation'],
  ['Alt-1 to Alt-9', 'that conversation of the list'],
  ['Alt-A', 'the next conversation with something new'],
  ['Alt-Up, Alt-Down', 'mark a message, for /edit and /delete; Enter tries one again that was not sent'],
  ['Ctrl-A, Ctrl-E', 'beginning and end of the line; Alt-B, Alt-F by words'],
  ['Ctrl-U, Ctrl-K, Ctrl-W', 'cut to the beginning, to the end, a word; Ctrl-Y puts it back'],
  ['Ctrl-L', 'draw the screen anew'],
  ['Ctrl-C', 'empty the line; twice to leave'],
] as const as readonly (readonly [keys: string, what: string])[]

// ── The command, and signing in ──

export const chatPurpose = 'chat in the terminal, on the whole screen' as Sentence
export const needsTerminal =
  'hullo chat needs a terminal for both input and output. In a pipe use: hullo watch, hullo send, hullo inbox.' as Sentence

export function readBy(whom: string): Sentence {
  return `read by ${whom}` as Sentence
}

export function unreadElsewhere(count: number): Sentence {
  return counted(count, { other: '# unread' }) as Sentence
}

export const sessionIsOver = 'session over' as Sentence

export const signInTitle = 'Sign in' as Sentence
export const registerTitle = 'Make an account' as Sentence
export const signInFields = {
  server: 'Server' as Sentence,
  name: 'Name' as Sentence,
  password: 'Password' as Sentence,
  again: 'Once more' as Sentence,
  invite: 'Invite' as Sentence,
} as const
export const typedHidden = 'typed, not shown' as Sentence
export const signInKeys = [
  'Enter signs in',
  'Tab goes to the next field',
  'Ctrl-N makes an account instead',
  'Ctrl-C leaves',
] as readonly string[] as readonly Sentence[]
export const registerKeys = [
  'Enter makes the account',
  'Tab goes to the next field',
  'Ctrl-N signs in instead',
  'Ctrl-C leaves',
] as readonly string[] as readonly Sentence[]
export const passwordsDiffer = 'The two passwords are not the same.' as Sentence
export const oneMoment = 'One moment' as Sentence

export function stillEmpty(field: Sentence): Sentence {
  return `${field} is still empty.` as Sentence
}

export function notKept(why: string): Sentence {
  return `${why} You will have to sign in again next time.` as Sentence
}

export const newHere = 'Make a new account? y or n: ' as Sentence
export const sessionIsOverNow = 'The session is over. Start hullo chat again to sign in.' as Sentence
export const signedOut = 'You are signed out.' as Sentence

// ── For screen readers: lines, one after the other ──

export const plainWelcome =
  'Write a message and press Enter. /open goes to a conversation, /help lists the commands, /quit leaves.' as Sentence
export const plainChoose = 'A number opens that line.' as Sentence

export function nowIn(address: string, unread: number): Sentence {
  if (unread === 0) return `Now in ${address}.` as Sentence
  return `Now in ${address}, ${counted(unread, { one: '# new message', other: '# new messages' })}.` as Sentence
}

export function notSentBecause(text: string, why: string): Sentence {
  return `Not sent: ${text}. ${why}` as Sentence
}

export function saidBy(who: string, text: string, where: string | undefined): Sentence {
  return `${where === undefined ? '' : `${where}, `}${who}: ${text}` as Sentence
}

export const serverOption = 'the server, as 192.168.1.20:5000 or https://example.org' as Sentence
export const asOption = 'the account, where several are signed in here' as Sentence
export const noColorOption = 'no colours, as with NO_COLOR' as Sentence
export const screenReaderOption = 'plain lines, one after the other; nothing is drawn again' as Sentence

export function sessionWasOver(name: string): Sentence {
  return `The session of ${name} is over; sign in again.` as Sentence
}

/** In the usage of a command: what /open takes. */
export const nameOrRoom = 'NAME or #ROOM' as Sentence
/** What /sessions takes. */
export const endNumber = 'end NUMBER' as Sentence
