// A client of the riddle server: shows riddles, adds one, guesses one. Each choice is one function and one request.
// Run it: npx node labs/riddle-client.ts [ADDRESS]
import { parseAddress, type RiddlesClient, riddlesClient } from 'hullo/lab/riddles-client'
import { printableLine } from 'hullo/printable'
import { listenForInterruption, openPrompt, type Prompt } from 'hullo/prompt'

const menu = `
0  show riddles
1  add a riddle
2  guess a riddle
3  quit
Your choice: `

/** Runs until the person quits, or ends it with Ctrl-C or Ctrl-D. */
export async function runRiddleClient(typed: string): Promise<void> {
  const address = parseAddress(typed)
  if (typeof address === 'string') {
    process.exitCode = 1
    return tell(address)
  }
  using interruption = listenForInterruption()
  await using prompt = openPrompt(interruption)
  const client = riddlesClient(address, interruption.signal)
  for (;;) {
    const choice = await prompt.ask(menu)
    if (choice === undefined || choice.trim() === '3') return
    if (choice.trim() === '0') await showRiddle(client, prompt)
    else if (choice.trim() === '1') await addRiddle(client, prompt)
    else if (choice.trim() === '2') await guessRiddle(client, prompt)
    else tell('Please type 0, 1, 2 or 3.')
  }
}

async function showRiddle(client: RiddlesClient, prompt: Prompt): Promise<void> {
  const id = await prompt.ask('Which one? (Enter for all) ')
  if (id === undefined) return
  const found = id.trim() === '' ? await client.all() : await client.one(id)
  if (!found.ok) return tell(found.message)
  const riddles = 'riddle' in found ? [found.riddle] : found.riddles
  for (const { id: number, question, guesses, correct } of riddles) {
    tell(`${number}: ${question} (${guesses} guesses, ${correct} correct)`)
  }
  if (riddles.length === 0) tell('There are no riddles yet.')
}

async function addRiddle(client: RiddlesClient, prompt: Prompt): Promise<void> {
  const question = await prompt.ask('Question: ')
  const answer = question === undefined ? undefined : await prompt.ask('Answer: ')
  if (question === undefined || answer === undefined) return
  const added = await client.add(question, answer)
  tell(added.ok ? `Added as riddle ${added.riddle.id}.` : added.message)
}

async function guessRiddle(client: RiddlesClient, prompt: Prompt): Promise<void> {
  const id = await prompt.ask('Which one? ')
  const guess = id === undefined ? undefined : await prompt.ask('Your guess: ')
  if (id === undefined || guess === undefined) return
  const guessed = await client.guess(id, guess)
  tell(guessed.ok ? (guessed.correct ? 'Correct!' : 'No, that is not it.') : guessed.message)
}

// What a server says, or a person typed, goes to the screen only like this.
function tell(sentence: string): void {
  console.log(printableLine(sentence))
}

if (import.meta.main) await runRiddleClient(process.argv[2] ?? '')
