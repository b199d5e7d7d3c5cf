// What the commands for scripts say to people: results, and what went wrong on this side. With --json none of it is said.
// What comes from people (names, paths) is made safe by whoever prints it.
import { counted, listAll, seconds } from './format.ts'
import type { Sentence } from './sentence.ts'

const said = (text: string) => text as Sentence

// ── Accounts and sessions ──

export const registered = (name: string, server: string) => said(`Registered ${name}, signed in at ${server}`)
export const registeredOnly = (name: string, server: string) => said(`Registered ${name} at ${server}`)
export const signedIn = (name: string, server: string) => said(`Signed in as ${name} at ${server}`)
export const signedOut = (name: string, server: string) => said(`${name} is signed out at ${server}`)
export const speaks = (name: string, server: string) => said(`${name} at ${server}`)
export const nobodySignedIn = said('Nobody is signed in here.')
export const nobodyAt = (server: string) =>
  said(`Nobody is signed in at ${server}. Sign in with hullo login NAME, or make an account with hullo register NAME.`)
export const notSignedIn = (name: string, server: string) =>
  said(`${name} is not signed in at ${server}. Sign in with hullo login ${name}, or set HULLO_PASSWORD.`)
export const sessionIsOver = (name: string, server: string) =>
  said(`The session of ${name} at ${server} is over. Sign in with hullo login ${name}, or set HULLO_PASSWORD.`)
export const signInAgain = said('Sign in with hullo login.')
export const severalSignedIn = (sessions: readonly { name: string; server: string }[]) =>
  said(
    `Several are signed in here: ${listAll(sessions.map(({ name, server }) => `${name} at ${server}`))}. ` +
      'Say which, with --as NAME or --server ADDRESS.',
  )
export const anothersToken = (owner: string, name: string) =>
  said(`The token in HULLO_TOKEN belongs to ${owner}, not to ${name}.`)
export const stillOnServer = (name: string, server: string, why: string) =>
  said(`${name} is signed out here, but not at ${server}: ${why} End the session there from another device.`)
export const endsWithCommand = said('It ends with this command.')
export const askName = said('User name: ')
export const whoAreYou = said('Who are you? Give --user NAME or set HULLO_USER.')
export const askPassword = (name: string) => said(`Password for ${name}: `)
export const noPassword = said('There is no password. Set HULLO_PASSWORD, or give --password-file FILE.')
export const fileIsEmpty = (path: string) => said(`The file ${path} is empty.`)
export const moreThanPassword = (path: string, bytesMax: number) =>
  said(`The file ${path} holds more than a password, which has at most ${bytesMax} bytes.`)
export const passwordUnreadable = (why: string) => said(`The password cannot be read: ${why}`)
export const askAgain = said('The same again: ')
export const passwordsDiffer = said('The two passwords differ. Nobody was registered.')

/** What a session of a machine is called in the list of sessions. */
export const sessionOn = (machine: string) => said(`hullo on ${machine}`)

// ── Sending ──

export const sent = (to: string, seq: number) => said(`Sent to ${to}, number ${seq}.`)
export const noRecipient = said(
  "Say who gets it: NAME, @NAME or '#room' (in quotation marks, since a shell takes # for a comment).",
)
export const textIsEmpty = said('The text is empty. Nothing was sent.')
export const inputIsEmpty = said('Standard input is empty. Nothing was sent.')
export const inputIsNotUtf8 = said('Standard input is not UTF-8 text. Nothing was sent.')
export const inputIsTooLong = (bytesMax: number) =>
  said(`The text is longer than ${bytesMax} bytes, which no message may be. Nothing was sent.`)
export const textWithLines = said('With --lines the messages come from standard input: give no text.')
export const typeText = said('Type the message; Ctrl-D on a line of its own sends it.')
export const lineIsNotUtf8 = said('The line is not UTF-8 text.')
export const lineIsTooLong = (bytesMax: number) => said(`The line is longer than ${bytesMax} bytes.`)
export const onLine = (line: number, sentence: string) => said(`line ${line}: ${sentence}`)
export const notAcknowledged = (why: string, id: string) =>
  said(`${why} It is not known whether the message is stored. Sent again with --id ${id} it is stored once.`)
export const linesNotAcknowledged = (why: string, from: number, id: string) =>
  said(
    `${why} It is not known whether line ${from} and what follows are stored. ` +
      `The same lines sent again with --id ${id} are stored once.`,
  )
export const noAnswerWithin = (count: number) => said(`No answer came within ${seconds(count)}.`)
export const interrupted = said('Interrupted.')

// ── Reading ──

export const noNewMessages = (name: string) => said(`There are no new messages for ${name}.`)
/** In the place of a message's time. */
export const unknownTime = said('at an unknown time')
export const diverged = (shared: number) =>
  said(`The server's log was rolled back: what was read after number ${shared} is not in it any more.`)
export const truncated = (floor: number) =>
  said(`The server has removed old messages before they were read: everything below number ${floor}.`)
export const lasting = (conversation: number) =>
  said(`Something in conversation ${conversation} did not come; reading goes on without it.`)
export const connectionLost = (server: string, why: string) =>
  said(`The connection to ${server} is lost, and will be tried again: ${why}`)
export const connectedAgain = (server: string) => said(`Connected to ${server} again.`)

// ── Watching with a command ──

export const commandMissing = (command: string, why: string) => said(`${command} cannot be started: ${why}.`)
export const commandFailed = (command: string, how: string, seq: number) =>
  said(`${command} ${how} for message ${seq}.`)
export const exitedWith = (code: number) => said(`ended with exit code ${code}`)
export const killedBy = (signal: string) => said(`was ended by ${signal}`)
export const triedAgainIn = (count: number) => said(`It is tried again in ${seconds(count)}.`)
export const stateUnreadable = (path: string, why: string) => said(`The state file ${path} cannot be read: ${why}.`)
export const stateForeign = (path: string) =>
  said(`${path} is not a state file of hullo. Name another one, or remove it to begin from now on.`)
export const stateOfAnother = (path: string, name: string, server: string) =>
  said(`${path} keeps the place of ${name} at ${server}. Each account needs a state file of its own.`)
export const stateInUse = (path: string) =>
  said(`Another hullo watch has the state file ${path}. Stop that one, or name another file.`)
export const stateUnwritable = (path: string, why: string) => said(`The state file ${path} cannot be written: ${why}.`)
export const argumentsWithoutCommand = said('There are arguments but no command: give it with --exec CMD.')
export const failureWithoutCommand = said('--on-failure is about the command of --exec: give one.')

// ── Files of kept sessions ──

export const noConfigFolder = said(
  'There is no home folder in which to keep the session. HULLO_CONFIG can name a folder.',
)
export const cannotKeep = (folder: string, why: string) => said(`The session cannot be kept in ${folder}: ${why}.`)
export const cannotRemove = (path: string, why: string) => said(`${path} cannot be removed: ${why}.`)
export const cannotRead = (path: string, why: string) => said(`${path} cannot be read: ${why}.`)
export const openToOthers = (path: string, mode: string) =>
  said(
    `${path} is open to others (mode ${mode}), so its session is not used: they may know its token. ` +
      'Sign in again with hullo login, which ends it.',
  )

// ── Calls that get no answer ──

export const nothingListens = said('Nothing listens there: is the server running?')
export const noSuchMachine = said('No machine is known by that name.')

// ── With --lab ──

export const labRegistered = (name: string) => said(`Registered ${name}.`)
export const labSent = (to: string) => said(`Sent to ${to}.`)
export const labEmpty = (name: string) => said(`There are no messages for ${name}.`)

export const leftOut = (count: number) =>
  said(
    counted(count, {
      one: '# message made no sense and was left out.',
      other: '# messages made no sense and were left out.',
    }),
  )
