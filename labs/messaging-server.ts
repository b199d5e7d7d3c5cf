// The messaging lab, D: the four routes, built on the lab's five helpers. This is the lab as it was given: nothing
// checks who asks for whose messages, so that it has a folder of its own. `npm start` runs the server that does.
// Run it with `npx node labs/messaging-server.ts [PORT] [FOLDER]`; the lab's client and `hullo client` talk to it.
import fastify from 'fastify'
import { AUTHENTICATION_FAILED, openLab, SUCCESS, USER_DOES_NOT_EXIST, USER_EXISTS } from 'hullo/lab'

const [port = '5000', folder = './lab-data'] = process.argv.slice(2)
const db = openLab(folder)
const app = fastify({ exposeHeadRoutes: false })

// The lab's client sends JSON with GET as well; most frameworks do not look for a body there unless they are told.
app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })

/** The fields that a route needs; fastify answers 400 by itself where one is missing. */
const needs = (...names: string[]) => ({
  schema: {
    body: {
      type: 'object',
      required: names,
      properties: Object.fromEntries(names.map(name => [name, { type: name === 'timestamp' ? 'number' : 'string' }])),
    },
  },
})

interface User {
  username: string
  password: string
}

interface Message {
  sender: string
  recipient: string
  message: string
  timestamp: number
}

app.get('/', () => 'hello')

app.post<{ Body: User }>('/register', needs('username', 'password'), async request => {
  const { username, password } = request.body
  if ((await db.findUserFromDb(username)) === USER_EXISTS) return USER_EXISTS
  return db.registerUserToDb(username, password)
})

app.get<{ Body: User }>('/auth', needs('username', 'password'), async request => {
  const { username, password } = request.body
  if ((await db.findUserFromDb(username)) === USER_DOES_NOT_EXIST) return USER_DOES_NOT_EXIST
  return (await db.checkUsernamePassword(username, password)) === SUCCESS ? SUCCESS : AUTHENTICATION_FAILED
})

app.post<{ Body: Message }>('/', needs('sender', 'recipient', 'message', 'timestamp'), async request => {
  const { sender, recipient, message, timestamp } = request.body
  return db.saveMessageToDb(sender, recipient, message, timestamp)
})

app.get<{ Body: User }>('/get_messages', needs('username'), request => db.getMessagesFromDb(request.body.username))

app.addHook('onClose', () => db[Symbol.asyncDispose]())
process.once('SIGINT', () => void app.close())

console.log(`Running on ${await app.listen({ host: '127.0.0.1', port: Number(port) })} (Ctrl-C to stop)`)
