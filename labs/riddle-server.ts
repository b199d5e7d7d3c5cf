// The riddle server that the messaging lab looks back on: four routes over a small store. Its fields come as JSON, in
// the query or as a form. Run it: npx node labs/riddle-server.ts, or hullo riddles; then: http :5000/riddles/all
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { type FirstRiddle, openRiddles } from 'hullo/lab/riddles'
import { readId, readText } from 'hullo/lab/riddles-fields'
import { No, serveJson } from 'hullo/lab/riddles-http'
import { listenForInterruption } from 'hullo/prompt'

export interface RiddleServerOptions {
  readonly host: string
  readonly port: number
  /** The folder for the riddles. */
  readonly data: string
  /** A new folder begins without riddles. */
  readonly empty: boolean
}

/** What a new folder begins with, so that there is something to guess at once. */
const firstRiddles: readonly FirstRiddle[] = [
  { question: 'What gets wetter the more it dries?', answer: 'A towel' },
  { question: 'What has keys but opens no lock?', answer: 'A piano' },
  { question: 'What can you catch but never throw?', answer: 'A cold' },
]

/** Bytes: a riddle is a few lines, its answer a few words. */
const questionBytesMax = 1_000
const answerBytesMax = 200

const unknown = new No(404, 'riddle-unknown', 'There is no riddle with this id.')
const full = new No(403, 'riddles-full', 'There are as many riddles as this server keeps.')

/** Serves until Ctrl-C or SIGTERM. */
export async function riddleServer({ host, port, data, empty }: RiddleServerOptions): Promise<void> {
  using interruption = listenForInterruption()
  using riddles = openRiddles(data, empty ? [] : firstRiddles)

  const all = () => ({ riddles: riddles.all() })

  const one = (fields: Parameters<typeof readId>[0]) => {
    const id = readId(fields)
    return id instanceof No ? id : (riddles.one(id) ?? unknown)
  }

  await using server = await serveJson(host, port, {
    '/riddles/all': { GET: all, POST: all },
    '/riddles/one': { GET: one, POST: one },
    '/riddles/new': {
      POST(fields) {
        const question = readText(fields, 'question', questionBytesMax)
        if (question instanceof No) return question
        const answer = readText(fields, 'answer', answerBytesMax)
        return answer instanceof No ? answer : (riddles.add(question, answer) ?? full)
      },
    },
    '/riddles/guess': {
      POST(fields) {
        const id = readId(fields)
        if (id instanceof No) return id
        const guess = readText(fields, 'guess', answerBytesMax)
        if (guess instanceof No) return guess
        const guessed = riddles.guess(id, guess)
        return guessed === undefined ? unknown : { guess, ...guessed }
      },
    },
  })

  console.log(`The riddle server is listening on ${server.url}; its riddles are in ${data}`)
  if (!interruption.signal.aborted) await once(interruption.signal, 'abort')
  console.log('Server stopped by the user')
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '5000' },
      data: { type: 'string', default: 'riddles-data' },
      empty: { type: 'boolean', default: false },
    },
  })
  await riddleServer({ ...values, port: Number(values.port) }).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
