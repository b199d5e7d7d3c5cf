// What the messaging lab asks of a server and its clients need, as data, in the order in which it is judged. Whatever a
// correct server may do otherwise stands in advice.ts instead.
import { met, notRun, type Outcome, type Requirement, unmet } from '../requirement.ts'
import type { Exchange } from './client.ts'
import { find, itemsOf, judgeLetters, judgeList, judgeTexts, judgeTimestamps } from './inbox.ts'
import { failureOf, judgeCode, judgeSuccess } from './judge.ts'
import type { Steps } from './steps.ts'

const lab = (part: string): string => `messaging lab, ${part}`

export const messagingRequirements: readonly Requirement<Steps>[] = [
  {
    id: 'register',
    says: 'POST /register of a new name answers 1',
    level: 'required',
    source: lab('D.1 register(), D.7 the codes'),
    judge: async steps => {
      const first = judgeSuccess(await steps.registerAnna(), registerLikely)
      return first.is === 'met' ? judgeSuccess(await steps.registerBert(), registerLikely) : first
    },
  },
  {
    id: 'register-existing',
    says: 'POST /register of a name that exists answers 10',
    level: 'required',
    source: lab('D.1 "check if the user exists"'),
    needs: ['register'],
    judge: async steps => {
      const registered = judgeSuccess(await steps.registerCarl(), registerLikely)
      if (registered.is !== 'met') return registered
      return judgeCode(await steps.registerCarlAgain(), [10], {
        1: 'the name is not looked up before it is registered (find_user_from_db)',
        error: 'the name is not looked up before it is registered, and the database refuses the second one',
      })
    },
  },
  {
    id: 'auth',
    says: 'GET /auth with the right password answers 1',
    level: 'required',
    source: lab('D.2 authenticate()'),
    needs: ['register'],
    judge: async steps =>
      judgeSuccess(await steps.authRight(), {
        11: 'the user who has just been registered is not found: is it saved (commit)?',
        12: 'the password is compared with something else than what was registered',
      }),
  },
  {
    id: 'register-keeps-password',
    says: 'a refused /register leaves the password as it was',
    level: 'required',
    source: lab('D.1 registers "if not"'),
    needs: ['register-existing', 'auth'],
    judge: async steps =>
      judgeSuccess(await steps.authCarl(), {
        12: 'the second /register replaced the password although it answered 10',
      }),
  },
  {
    id: 'auth-wrong-password',
    says: 'GET /auth with the password of somebody else answers 12',
    level: 'required',
    source: lab('D.2 "checks to see if the username and password matches"'),
    needs: ['auth'],
    judge: async steps =>
      judgeCode(await steps.authWrong(), [12], {
        1: 'the password is not compared with that of this user',
        11: 'the name is there, only the password is wrong: 12 (authentication failed)',
      }),
  },
  {
    id: 'auth-unknown-user',
    says: 'GET /auth of a name that was never registered answers 11 or 12',
    level: 'required',
    source: lab('D.2 authenticate(), D.7 the codes'),
    needs: ['auth'],
    judge: async steps =>
      judgeCode(await steps.authUnknown(), [11, 12], {
        1: 'a name that is not in the database gets in',
        error: 'the user was not found, and the code went on as if it had been (None has no password)',
      }),
  },
  {
    id: 'send',
    says: 'POST / with sender, recipient, message and timestamp answers 1',
    level: 'required',
    source: lab('D.3 send_message()'),
    needs: ['register'],
    judge: async steps => {
      for (const step of [steps.sendFirst, steps.sendSecond, steps.sendBack]) {
        const outcome = judgeSuccess(await step(), sendLikely)
        if (outcome.is !== 'met') return outcome
      }
      return met
    },
  },
  {
    id: 'codes-are-numbers',
    says: 'a code is a JSON number, not a text in quotes',
    level: 'required',
    source: lab('D.7 the codes; its client compares with the numbers'),
    judge: steps => judgeUnquoted(steps.history),
  },
  {
    id: 'inbox',
    says: 'GET /get_messages answers an object with the list "messages"',
    level: 'required',
    source: lab('D.4 get_messages()'),
    needs: ['send'],
    judge: async steps => judgeList(await steps.inboxBert()),
  },
  {
    id: 'inbox-fields',
    says: 'each message has a "sender" and a "message"',
    level: 'required',
    source: lab('D.4 get_messages(), D.6 the fields'),
    needs: ['inbox'],
    judge: async steps => judgeTexts(await steps.inboxBert(), ['sender', 'message']),
  },
  {
    id: 'inbox-timestamps',
    says: 'each message has a "timestamp" that is a number of seconds',
    level: 'required',
    source: lab('D.3 the fields; its client prints it with time.ctime'),
    needs: ['inbox'],
    judge: async steps => judgeTimestamps(await steps.inboxBert()),
  },
  {
    id: 'inbox-messages',
    says: 'all messages to a user are there, each once, with text and sender as sent',
    level: 'required',
    source: lab('D.3 "saves them into the database", D.4'),
    needs: ['inbox'],
    judge: async steps => {
      const inbox = await steps.inboxBert()
      if (judgeTexts(inbox, ['sender', 'message']).is === 'unmet') return notRun('the messages lack a field')
      const bert = judgeLetters(inbox, [steps.letters.first, steps.letters.second], inboxLikely)
      return bert.is === 'met' ? judgeLetters(await steps.inboxAnna(), [steps.letters.back], inboxLikely) : bert
    },
  },
  {
    id: 'timestamps-kept',
    says: 'a message keeps the timestamp that its sender gave',
    level: 'required',
    source: lab('D.3 "saves them into the database"'),
    needs: ['inbox-messages', 'inbox-timestamps'],
    judge: async steps => judgeKept(await steps.inboxBert(), steps),
  },
  {
    id: 'inbox-own',
    says: 'a user gets no messages of others',
    level: 'required',
    source: lab('D.4 "gets the messages for that user"'),
    needs: ['inbox'],
    judge: async steps => {
      const exchange = await steps.inboxCarl()
      const items = itemsOf(exchange)
      // The next requirement is about that.
      if (items === undefined) return notRun('the answer is no list')
      if (items.length === 0) return met
      const likely = 'the messages are not chosen by their recipient'
      return unmet(failureOf(exchange, 'no message: nobody has written to this new user', likely))
    },
  },
  {
    id: 'inbox-empty',
    says: 'a user without messages gets an empty list',
    level: 'required',
    source: lab('D.4 get_messages(); its client reads the list'),
    needs: ['inbox'],
    judge: async steps => judgeList(await steps.inboxCarl()),
  },
]

const registerLikely = {
  10: 'a name that is new to the server is taken for an existing one',
  12: 'registering asks for a sign-in, or answers another code than success',
}

const sendLikely = {
  11: 'a user who has just been registered is not found',
  12: "sending asks for more than the lab's client gives (it calls GET /auth before)",
  error:
    'the message could not be saved: are all four fields taken from the JSON, is the timestamp a number (float), and does the route return text, not a bare number?',
}

const inboxLikely = 'no message is found: are messages saved (commit), and looked for by their recipient?'

function judgeUnquoted(exchanges: readonly Exchange[]): Outcome {
  const quoted = exchanges.find(({ answer }) => typeof answer?.json?.value === 'string')
  if (quoted !== undefined) {
    return unmet(
      failureOf(
        quoted,
        'the number alone, without quotes',
        'the code is made a text and then JSON: jsonify(1), not jsonify("1")',
      ),
    )
  }
  const said = exchanges.some(({ answer }) => typeof answer?.json?.value === 'number')
  return said ? met : notRun('no route answered a code')
}

function judgeKept(exchange: Exchange, { letters }: Steps): Outcome {
  for (const letter of [letters.first, letters.second]) {
    const item = find(itemsOf(exchange) ?? [], letter)[0]
    // The lab's client shows whole seconds; what is lost below one is advice.
    if (Math.abs(Number(item?.['timestamp']) - letter.timestamp) < 1) continue
    const likely = 'the server writes down its own clock, or a rounded time, instead of the timestamp it was given'
    return unmet(failureOf(exchange, `the timestamp ${letter.timestamp} with ${letter.message}`, likely))
  }
  return met
}
