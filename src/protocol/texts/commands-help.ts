// What the help of the commands for scripts says, read by somebody who has never seen them.
import type { Sentence } from './sentence.ts'

export const onlyRoom = 'only from this room; may be given several times' as Sentence
export const onlyFrom = 'only from this account; may be given several times' as Sentence
export const own = 'your own messages too' as Sentence
export const wholeFromOne = 'It is a whole number from 1 on.' as Sentence
export const cursorOrStart = 'It is "start", or a cursor as the "cursor" of a message printed with --json.' as Sentence
export const lab = "speak the messaging lab's table instead of v1: any server of the lab" as Sentence
export const watch = 'print messages as they come, or run a command for each' as Sentence
export const watchArguments = 'after --: the arguments of the command of --exec' as Sentence
export const watchAfter = 'begin behind this cursor, not now; start: with all that are kept' as Sentence
export const watchState = 'keep the place in this file, and go on from there the next time' as Sentence
export const watchExec = 'run this program for each message' as Sentence
export const watchOnFailure =
  'where the command fails: retry the message with growing pauses, stop, or skip it (default: retry)' as Sentence
export const inbox = 'print your unread messages' as Sentence
export const inboxAfter = 'all messages of others behind this cursor; start: all that are kept' as Sentence
export const inboxLimit = 'at most so many, the oldest first' as Sentence
export const inboxMarkRead = 'mark as read what was printed' as Sentence
export const send = 'send a message' as Sentence
export const sendTo = 'who gets it: a name, or a #room' as Sentence
export const sendText = 'the text; its words are joined by spaces. - or nothing: standard input' as Sentence
export const sendLines = 'send each line of standard input as a message, in order, many at a time' as Sentence
export const sendId =
  'your own id for it: the same message under the same id is stored once (with --lines: ID-1, ID-2, ...)' as Sentence
export const sendTimeout = 'how long to wait for an acknowledgement before giving up' as Sentence
export const secondsRule = 'It is a number of seconds, at most 86400.' as Sentence
export const register = 'make an account, and sign in' as Sentence
export const registerName = 'the name to take' as Sentence
export const registerInvite = 'the invite, or its link, where the server wants one' as Sentence
export const login = 'sign in, and keep the session for the other commands' as Sentence
export const logout = 'end the kept session, on the server too' as Sentence
export const logoutName = 'the account, where several are signed in here' as Sentence
export const logoutAll = 'end all sessions that are kept here' as Sentence
export const whoami = 'print who speaks, and where' as Sentence
export const server =
  'the server, as 192.168.1.20:5000 or https://example.org (default: the one you are signed in to, else 127.0.0.1:5000)' as Sentence
export const as = 'the account, where several are signed in here' as Sentence
export const json =
  'print results on standard output and errors on standard error as JSON, one object a line' as Sentence
export const watchMore = `
With --exec the command runs once for each message, one after the other, without a shell; its arguments stand after --.
The message is on its standard input as JSON and in HULLO_SENDER, HULLO_TO, HULLO_TEXT, HULLO_SEQ, HULLO_REPLY_TO, ...;
it is never in the command line. With --state the place is kept after the command ended with exit code 0: a message comes
at least once, and once more where the watch was killed in between.

Examples:
  hullo watch
  hullo watch --json | jq -r '.sender + ": " + .text'
  hullo watch --room alarms --state alarms.state --exec ./ring-the-bell -- --loud

It ends with Ctrl-C (exit code 130) or SIGTERM (exit code 0).` as Sentence
export const inboxMore = `
In a pipe a message is one line: time (UTC), sender, where to, and text, with a tab between; line ends in the text are
written \\n. With --json it is one object, whose "cursor" goes into --after the next time.

Examples:
  hullo inbox                                  # what is unread
  hullo inbox --mark-read                      # and is then read, on all devices
  hullo inbox --after start --json | jq -r .text` as Sentence
export const sendMore = `
A message goes to an account (bob or @bob) or to a room ('#team', in quotation marks: a shell takes # for a comment).
Without a text, or with -, standard input is the text. What is printed is the message's number in the server's log.

Examples:
  hullo send bob Dinner is ready
  df -h | hullo send '#machines'
  tail -f app.log | hullo send '#log' --lines
  hullo send '#deploys' --id deploy-1234 'Version 1234 is out'      # repeated, it is stored once` as Sentence
export const sessionMore = `
Who speaks: the session of hullo login or hullo register, which is kept; or the token in HULLO_TOKEN; or a password,
asked for or taken from --password-file or HULLO_PASSWORD, which signs in once and keeps the session.` as Sentence
export const account = 'the account' as Sentence
export const completion = 'print a script with which your shell completes commands, options and names' as Sentence
export const completionShell = 'bash, zsh or fish' as Sentence
export const completionMore = `
  bash  source <(hullo completion bash)                      # in ~/.bashrc
  zsh   source <(hullo completion zsh)                       # in ~/.zshrc, after compinit
  fish  hullo completion fish > ~/.config/fish/completions/hullo.fish` as Sentence
export const helpFlag = 'what the command does, and its options' as Sentence
