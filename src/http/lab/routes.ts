// The messaging lab's table, to the letter: register, auth, send, get_messages. The order of answers is decided:
// malformed; unknown sender or username (11); not proved (12); unknown recipient (11).
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readInbox } from '../../core/lab/inbox.ts'
import type { Messages } from '../../core/conversations/messages.ts'
import { unknownAccount } from '../../core/people/accounts.ts'
import { AUTHENTICATION_FAILED, SUCCESS, USER_DOES_NOT_EXIST } from '../../protocol/lab-codes.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { checkText } from '../../protocol/text.ts'
import type { Account, Store } from '../../store/store.ts'
import { type Fields, readFields, stringField, timestampField } from './fields.ts'
import { sendInbox } from './inbox-reply.ts'
import { sendCode, sendLabRefusal } from './replies.ts'
import { sourceOf } from '../app/source.ts'
import { checkSpeaker, noteProof, type Speakers } from './speaker.ts'

/** `guarded`: who asks must have proved the account; `open`: nobody asks, as in the lab. */
export type LabMode = 'guarded' | 'open'

export interface LabNeeds extends Speakers {
  readonly mode: LabMode
  readonly messages: Messages
  readonly store: Pick<Store, 'directsOf' | 'head' | 'seqsOf' | 'seqsBefore' | 'entriesAt' | 'lastEdits'>
}

/** What a route does with its fields: it answers, or refuses. */
type Route = (fields: Fields, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | Refusal>

export function addLabRoutes(app: FastifyInstance, needs: LabNeeds): void {
  const { accounts, messages, trustedProxies } = needs

  const source = (request: FastifyRequest) => sourceOf(request.raw, trustedProxies)

  const add = (method: ('GET' | 'HEAD' | 'POST')[], url: string, route: Route) =>
    app.route({
      method,
      url,
      async handler(request, reply) {
        const fields = readFields(request)
        const answer = fields instanceof Refusal ? fields : await route(fields, request, reply)
        return answer instanceof Refusal ? sendLabRefusal(reply, answer) : answer
      },
    })

  add(['POST'], '/register', async (fields, request, reply) => {
    const username = stringField(fields, 'username')
    if (username instanceof Refusal) return username
    const password = stringField(fields, 'password')
    if (password instanceof Refusal) return password
    const account = await accounts.register({ name: username, password, nameField: 'username' }, source(request))
    if (account instanceof Refusal) return account
    noteProof(needs, request.raw, account)
    return sendCode(reply, SUCCESS)
  })

  add(['GET', 'HEAD'], '/auth', async (fields, request, reply) => {
    const username = stringField(fields, 'username')
    if (username instanceof Refusal) return username
    const password = stringField(fields, 'password')
    if (password instanceof Refusal) return password
    const account = await accounts.authenticate(username, password, source(request))
    if (account instanceof Refusal) {
      // The lab's question was whether they match: "no" is an answer here, not a failure.
      if (account.code === 'account-unknown') return sendCode(reply, USER_DOES_NOT_EXIST)
      if (account.code === 'password-wrong') return sendCode(reply, AUTHENTICATION_FAILED)
      return account
    }
    noteProof(needs, request.raw, account)
    return sendCode(reply, SUCCESS)
  })

  add(['POST'], '/', async (fields, request, reply) => {
    const draft = readDraft(fields)
    if (draft instanceof Refusal) return draft
    const sender = await speakingAs(needs, request, draft.sender)
    if (sender instanceof Refusal) return sender
    const seq = await messages.sendDirect(sender, draft)
    return seq instanceof Refusal ? seq : sendCode(reply, SUCCESS)
  })

  add(['GET', 'HEAD'], '/get_messages', async (fields, request, reply) => {
    const username = stringField(fields, 'username')
    if (username instanceof Refusal) return username
    const account = await speakingAs(needs, request, username)
    if (account instanceof Refusal) {
      const nobody = account.code === 'account-unknown' && needs.mode === 'open'
      return nobody ? sendInbox(reply, emptyInbox()) : account
    }
    return sendInbox(reply, readInbox(needs.store, account))
  })
}

interface Draft {
  readonly sender: string
  readonly recipient: string
  readonly text: string
  readonly sentAtS: number
}

function readDraft(fields: Fields): Draft | Refusal {
  const sender = stringField(fields, 'sender')
  if (sender instanceof Refusal) return sender
  const recipient = stringField(fields, 'recipient')
  if (recipient instanceof Refusal) return recipient
  const text = stringField(fields, 'message')
  if (text instanceof Refusal) return text
  // The core checks it for every transport; here already, since what is malformed is answered before who asks.
  const unfit = checkText(text, 'message')
  if (unfit !== undefined) return unfit
  const sentAtS = timestampField(fields, 'timestamp')
  if (sentAtS instanceof Refusal) return sentAtS
  return { sender, recipient, text, sentAtS }
}

/** The account of that name, if it exists and the request may speak for it. */
async function speakingAs(needs: LabNeeds, request: FastifyRequest, name: string): Promise<Account | Refusal> {
  const account = await needs.accounts.find(name)
  if (account === undefined) return unknownAccount(name)
  if (needs.mode === 'open') return account
  return (await checkSpeaker(needs, request.raw, account)) ?? account
}

async function* emptyInbox(): AsyncGenerator<never, void, undefined> {}
