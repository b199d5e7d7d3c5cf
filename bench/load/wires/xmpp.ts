// XMPP (RFC 6120, 6121): accounts made in band (XEP-0077), SASL PLAIN, one resource, chat messages to the bare address.
// Nothing is acknowledged.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { clientIdOf, textOf } from '../texts.ts'
import { openScanned } from './scanned.ts'
import type { OpenWire } from './wire.ts'

/** The one host that the peers' configurations serve. */
export const xmppHost = 'bench.local'
const password = 'secret'

export const openXmpp: OpenWire = async (options, events) => {
  const { self, targets } = options
  const { socket, seen, close } = await openScanned(options, events, { name: 'XMPP', signIn })
  return {
    seen,
    send(first, count) {
      let stanzas = ''
      for (let number = first; number < first + count; number += 1) {
        const to = `${targets[number % targets.length]}@${xmppHost}`
        const id = clientIdOf('b', number)
        stanzas += `<message to='${to}' type='chat' id='${id}'><body>${textOf(self, number)}</body></message>`
      }
      socket.write(stanzas)
    },
    close,
  }
}

const header =
  `<?xml version='1.0'?><stream:stream to='${xmppHost}' xmlns='jabber:client' ` +
  "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

async function signIn(socket: Socket, name: string): Promise<void> {
  await exchange(socket, header, /<\/stream:features>/)
  await exchange(
    socket,
    `<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>${name}</username><password>${password}</password></query></iq>`,
    // An account that is there already (conflict) will do.
    /type=['"]result['"]|<conflict/,
  )
  const plain = Buffer.from(`\0${name}\0${password}`).toString('base64')
  await exchange(socket, `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`, /<success/)
  await exchange(socket, header, /<\/stream:features>/)
  await exchange(
    socket,
    "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>",
    /<jid>/,
  )
  await exchange(socket, "<presence/><iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>", /id=['"]p['"]/)
}

/** Sends, and waits for what is to come; throws with what came where the server refuses. */
async function exchange(socket: Socket, stanza: string, wanted: RegExp): Promise<void> {
  socket.write(stanza)
  let text = ''
  while (!wanted.test(text)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    text += chunk.toString()
    if (/<failure|<stream:error/.test(text)) throw new Error(`XMPP refuses: ${text}`)
  }
}
