// What a correct server may do otherwise: told as advice, never as a failure. It stands after all that is required, so
// that nothing it does can disturb that.
import { met, notRun, type Outcome, type Requirement, unmet } from '../requirement.ts'
import type { Exchange } from './client.ts'
import { find, itemsOf, judgeLetters, judgeList } from './inbox.ts'
import { codeOf, failureOf } from './judge.ts'
import type { Steps } from './steps.ts'

export const messagingAdvice: readonly Requirement<Steps>[] = [
  {
    id: 'status-200',
    says: 'the codes 10, 11 and 12 come with status 200',
    level: 'advice',
    source: "the lab's client says more about a code than about a status",
    needs: ['register-existing'],
    judge: async steps =>
      firstOdd(
        [await steps.registerCarlAgain(), await steps.authWrong()],
        ({ answer }) => answer !== undefined && answer.status !== 200,
        'status 200',
        "the status differs; the lab's client then shows the status in place of what the code means",
      ),
  },
  {
    id: 'code-alone',
    says: 'a code is the whole body: a plain number, no newline after it',
    level: 'advice',
    source: 'older clients of the lab compare bytes',
    needs: ['register', 'codes-are-numbers'],
    judge: async steps =>
      firstOdd(
        [await steps.registerAnna(), await steps.authRight(), await steps.sendFirst()],
        ({ answer }) => answer !== undefined && codeOf(answer) === 1 && answer.body.toString() !== '1',
        'the one byte 1',
        'jsonify adds a newline; str(1) does not',
      ),
  },
  {
    id: 'content-type',
    says: '/get_messages calls its answer application/json',
    level: 'advice',
    source: "other clients than the lab's go by the content type",
    needs: ['inbox'],
    judge: async steps =>
      firstOdd(
        [await steps.inboxBert()],
        ({ answer }) => !/^application\/json\b/i.test(answer?.contentType ?? ''),
        'Content-Type: application/json',
        'a dictionary returned from a Flask route gets it by itself; a text made with json.dumps does not',
      ),
  },
  {
    id: 'unknown-user-11',
    says: 'GET /auth of an unknown name answers 11',
    level: 'advice',
    source: 'the lab has a code for it; 12, as its helper says, is good too, and tells a stranger less',
    needs: ['auth-unknown-user'],
    judge: async steps =>
      firstOdd(
        [await steps.authUnknown()],
        ({ answer }) => answer === undefined || codeOf(answer) !== 11,
        '11 (no such user)',
        'the helper check_username_password does not tell the two apart; find_user_from_db does',
      ),
  },
  {
    id: 'oldest-first',
    says: 'messages come oldest first',
    level: 'advice',
    source: 'that is how people read; the lab does not say',
    needs: ['inbox-messages'],
    judge: async steps => judgeOrder(await steps.inboxBert(), steps),
  },
  {
    id: 'message-ids',
    says: 'each message has an "id" of its own',
    level: 'advice',
    source: "later versions of the lab's server have it; a client can then tell what is new",
    needs: ['inbox-messages'],
    judge: async steps => {
      const ids = (itemsOf(await steps.inboxBert()) ?? []).map(item => item['id'])
      const good = ids.every(id => typeof id === 'number' || typeof id === 'string') && new Set(ids).size === ids.length
      return good
        ? met
        : unmet(failureOf(await steps.inboxBert(), 'an "id" in each', 'the id of the database is not handed on'))
    },
  },
  {
    id: 'timestamps-exact',
    says: 'a timestamp comes back with its fraction of a second',
    level: 'advice',
    source: 'time.time() gives one; messages of the same second stay in order by it',
    needs: ['timestamps-kept'],
    judge: async steps => {
      const inbox = await steps.inboxBert()
      const kept = find(itemsOf(inbox) ?? [], steps.letters.first)[0]?.['timestamp'] === steps.letters.first.timestamp
      return kept
        ? met
        : unmet(failureOf(inbox, String(steps.letters.first.timestamp), 'the column is an Integer, not a Float'))
    },
  },
  {
    id: 'sent-not-received',
    says: 'what a user has sent is not among what the user gets',
    level: 'advice',
    source: "the lab's helper finds messages by recipient",
    needs: ['inbox-messages'],
    judge: async steps => {
      const inbox = await steps.inboxAnna()
      const sent = find(itemsOf(inbox) ?? [], steps.letters.first)
      return sent.length === 0
        ? met
        : unmet(failureOf(inbox, 'only messages to this user', 'messages are chosen by sender also'))
    },
  },
  {
    id: 'send-to-oneself',
    says: 'a message to oneself arrives',
    level: 'advice',
    source: "the lab's client lets people do it",
    needs: ['inbox-messages'],
    judge: async steps => {
      await steps.sendToMyself()
      return judgeLetters(await steps.inboxBertAgain(), [steps.letters.toMyself], 'the message did not arrive')
    },
  },
  {
    id: 'messages-stay',
    says: 'messages that were read can be read again',
    level: 'advice',
    source: "the lab's server keeps them; who has two devices reads twice",
    needs: ['inbox-messages'],
    judge: async steps => {
      const inbox = await steps.inboxBertAgain()
      const list = judgeList(inbox)
      return list.is === 'met'
        ? judgeLetters(inbox, [steps.letters.first], 'messages are deleted when they are read')
        : list
    },
  },
  {
    id: 'unknown-recipient',
    says: 'a message to a name that was never registered is refused with 11',
    level: 'advice',
    source: "the lab's own server keeps it for nobody; later versions refuse it",
    needs: ['send'],
    judge: async steps =>
      firstOdd(
        [await steps.sendToNobody()],
        ({ answer }) => answer === undefined || codeOf(answer) !== 11,
        '11 (no such user)',
        'the recipient is not looked up (find_user_from_db)',
      ),
  },
  {
    id: 'greeting',
    says: 'GET / says hello',
    level: 'advice',
    source: "messaging lab, C.2; the lab's finished server answers 405 there",
    needs: ['register'],
    judge: async steps => {
      const greeting = await steps.greeting()
      if (greeting.answer !== undefined && greeting.answer.status === 200) return met
      return unmet(failureOf(greeting, 'status 200 and hello', 'a GET on / makes it easy to see that the server runs'))
    },
  },
]

/** The first of the exchanges that is `odd`, as advice. */
function firstOdd(
  exchanges: readonly Exchange[],
  odd: (exchange: Exchange) => boolean,
  expected: string,
  likely: string,
): Outcome {
  const found = exchanges.find(odd)
  return found === undefined ? met : unmet(failureOf(found, expected, likely))
}

function judgeOrder(inbox: Exchange, { letters }: Steps): Outcome {
  const texts = (itemsOf(inbox) ?? []).map(item => item['message'])
  const [first, second] = [texts.indexOf(letters.first.message), texts.indexOf(letters.second.message)]
  if (first < 0 || second < 0) return notRun('a message is not there')
  if (first < second) return met
  return unmet(
    failureOf(inbox, `${letters.first.message} before ${letters.second.message}`, 'the list is sorted the other way'),
  )
}
