// The messaging lab's client: asks for a server, then for a number. Each choice is one function, and each function is
// the lab's calls in their order. Run it: npx node labs/client.ts [ADDRESS], or hullo client [ADDRESS]
import { type LabClient, labClient, parseAddress, type ServerAddress, usualAddress } from 'hullo/lab/client'
import { printableLine, printableMessage } from 'hullo/printable'
import { type Interruption, listenForInterruption, openPrompt, type Prompt, say } from 'hullo/prompt'

const menu = `
0  register a new user
1  send a message
2  get your messages
3  quit
Your choice: `

interface Session {
  readonly client: LabClient
  readonly prompt: Prompt
  readonly interruption: Interruption
}

/** Runs until the person quits, or ends it with Ctrl-C or Ctrl-D. `address` saves the first question. */
export async function runClient(address?: string): Promise<void> {
  using interruption = listenForInterruption()
  await using prompt = openPrompt(interruption)
  const server = await chooseServer(prompt, address)
  if (server === undefined) return
  const session = { client: labClient(server, { signal: interruption.signal }), prompt, interruption }
  for (;;) {
    const choice = await prompt.ask(menu)
    if (choice === undefined || choice.trim() === '3') return
    if (choice.trim() === '0') await register(session)
    else if (choice.trim() === '1') await sendMessage(session)
    else if (choice.trim() === '2') await getMessages(session)
    else console.log('Please type 0, 1, 2 or 3.')
  }
}

async function chooseServer(prompt: Prompt, given: string | undefined): Promise<ServerAddress | undefined> {
  let typed = given ?? (await prompt.ask(`Which server? (Enter for ${usualAddress}) `))
  while (typed !== undefined) {
    const server = parseAddress(typed)
    if (typeof server !== 'string') return server
    console.log(printableLine(server))
    typed = await prompt.ask(`Which server? (Enter for ${usualAddress}) `)
  }
  return undefined
}

async function register({ client, prompt }: Session): Promise<void> {
  const username = await prompt.ask('User name: ')
  const password = await prompt.askHidden('Password: ')
  const again = await prompt.askHidden('Password again: ')
  if (username === undefined || password === undefined || again === undefined) return
  if (password !== again) return console.log('The two passwords differ. Nobody was registered.')
  const registered = await client.register(username, password)
  tell(registered.ok ? `Registered ${username}.` : registered.message)
}

async function sendMessage({ client, prompt }: Session): Promise<void> {
  const account = await signIn(client, prompt)
  const recipient = account && (await prompt.ask('To whom: '))
  const message = recipient !== undefined ? await prompt.ask('Message: ') : undefined
  if (account === undefined || recipient === undefined || message === undefined) return
  // Once more, at once before the message: a guarded server remembers a sign-in only for a while.
  const proof = await client.authenticate(account.username, account.password)
  const sent = proof.ok ? await client.sendMessage(account.username, recipient, message) : proof
  tell(sent.ok ? `Sent to ${recipient}.` : sent.message)
}

async function getMessages({ client, prompt, interruption }: Session): Promise<void> {
  const account = await signIn(client, prompt)
  if (account === undefined) return
  const received = await client.getMessages(account.username, message =>
    say(printableMessage(message, process.stdout.columns), interruption),
  )
  if (!received.ok) return tell(received.message)
  if (received.unreadable > 0) tell(`${received.unreadable} messages made no sense and were left out.`)
  if (received.count === 0) tell('There are no messages for you.')
}

async function signIn(client: LabClient, prompt: Prompt): Promise<{ username: string; password: string } | undefined> {
  const username = await prompt.ask('User name: ')
  const password = await prompt.askHidden('Password: ')
  if (username === undefined || password === undefined) return undefined
  const proof = await client.authenticate(username, password)
  if (proof.ok) return { username, password }
  tell(proof.message)
  return undefined
}

// What a server says, or a person typed, goes to the screen only like this.
function tell(sentence: string): void {
  console.log(printableLine(sentence))
}

if (import.meta.main) await runClient(process.argv[2])
