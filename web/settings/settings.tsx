// Settings: how the page looks, who sees what, where one is signed in, the password, the account.
import { dayAndTime } from '../../src/protocol/texts/format.ts'
import * as say from '../../src/protocol/texts/page-settings.ts'
import { invitePeople } from '../../src/protocol/texts/page-people.ts'
import { hrefOf } from '../model/route.ts'
import type { Session } from '../model/session.ts'
import { theme } from '../model/theme.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Choices } from '../ui/choices.tsx'
import { confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { Section, View } from '../ui/view.tsx'
import { useChat, useSession } from '../use-chat.ts'
import { Blocked } from './blocked.tsx'
import { DeleteAccount } from './delete-account.tsx'
import { Notifications } from './notifications.tsx'
import { Password } from './password.tsx'
import { Presence } from './presence.tsx'
import { Sessions } from './sessions.tsx'
import './settings.css'

export function Settings() {
  const session = useSession()
  const { me, outbox } = useChat()
  const { isAdmin, createdAt } = me.account
  return (
    <View title={say.settings}>
      <div class="settings-me">
        <Avatar address={`@${me.name}`} />
        <div class="item-text">
          <p class="item-name" dir="auto">
            {me.name}
          </p>
          <p class="view-note">{isAdmin ? say.admin : say.since(dayAndTime(createdAt))}</p>
        </div>
        <a class="button" href={hrefOf({ is: 'view', name: 'invites', rest: '' })}>
          <Icon name="people" size={18} />
          {invitePeople}
        </a>
      </div>
      <div>
        <Section title={say.appearance}>
          <Choices
            legend={say.theme}
            name="theme"
            row
            chosen={theme.value}
            choose={chosen => (theme.value = chosen)}
            choices={[
              { value: 'system', label: say.system },
              { value: 'light', label: say.light },
              { value: 'dark', label: say.dark },
            ]}
          />
        </Section>
        <Section title={say.notifications}>
          <Notifications />
        </Section>
        <Section title={say.privacy}>
          <Presence />
          <Blocked />
        </Section>
        <Section title={say.sessions} hint={say.sessionsHint}>
          <Sessions />
        </Section>
        <Section title={say.password} hint={say.changeEnds}>
          <Password />
        </Section>
        <Section title={say.account}>
          <div class="settings-deed">
            <p class="view-note">{say.signOutHint}</p>
            <Button onClick={() => void signOut(session, outbox.unsentCount)}>
              <Icon name="leave" size={18} />
              {say.signOut}
            </Button>
          </div>
          <div class="settings-deed">
            <p class="view-note">{say.deleteHint}</p>
            <DeleteAccount />
          </div>
        </Section>
      </div>
    </View>
  )
}

/** Signing out deletes what is not sent yet: whoever has such messages is asked first. */
async function signOut(session: Session, unsent: number): Promise<void> {
  const question = say.signOutUnsent(unsent)
  if (unsent === 0 || (await confirm({ question, yes: say.signOut, danger: true }))) await session.signOut()
}
