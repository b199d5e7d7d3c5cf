// Letting others in: the address of the server for everybody to pass on, and for admins invite links.
import * as say from '../../src/protocol/texts/page-invites.ts'
import { Section, View } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import { InviteLinks } from './invite-links.tsx'
import { ToPassOn } from './to-pass-on.tsx'
import './invites.css'

export function Invites() {
  const { me } = useChat()
  const address = new URL('.', location.href).href
  return (
    <View title={say.invite}>
      <Section title={say.address} hint={isOnlyHere(location.hostname) ? say.onlyHere : say.addressHint}>
        <ToPassOn text={address} label={say.codeOf} />
      </Section>
      {me.account.isAdmin && (
        <Section title={say.links} hint={say.linksHint}>
          <InviteLinks />
        </Section>
      )}
    </View>
  )
}

/** An address that means each machine itself: a phone that opens it finds nothing. */
function isOnlyHere(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.endsWith('.localhost') || host.startsWith('127.')
}
