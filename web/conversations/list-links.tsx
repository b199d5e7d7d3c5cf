// Above the list: to search, to whom else one could talk with, to the settings.
import { invitePeople, newConversation } from '../../src/protocol/texts/page-people.ts'
import { searchMessages } from '../../src/protocol/texts/page-search.ts'
import { settings } from '../../src/protocol/texts/page-settings.ts'
import { hrefOf, route } from '../model/route.ts'
import { Icon, type IconName } from '../ui/icon.tsx'

const links: readonly { readonly name: string; readonly icon: IconName; readonly label: string }[] = [
  { name: 'search', icon: 'search', label: searchMessages },
  { name: 'people', icon: 'plus', label: newConversation },
  { name: 'settings', icon: 'settings', label: settings },
]

export function ListLinks() {
  const to = route.value
  return (
    <>
      {links.map(({ name, icon, label }) => (
        <a
          key={name}
          class="icon-button"
          href={hrefOf({ is: 'view', name, rest: '' })}
          aria-label={label}
          title={label}
          aria-current={to.is === 'view' && to.name === name ? 'page' : undefined}
        >
          <Icon name={icon} />
        </a>
      ))}
    </>
  )
}

/** In the place of an empty list. */
export function Begin() {
  return (
    <p class="list-begin">
      <a class="button button-main" href={hrefOf({ is: 'view', name: 'people', rest: '' })}>
        {newConversation}
      </a>
      <a href={hrefOf({ is: 'view', name: 'invites', rest: '' })}>{invitePeople}</a>
    </p>
  )
}
