// Ctrl-K: to a conversation, a person or a public room by the first letters of a word of its name (WAI-ARIA APG, combobox
// with a list box).
import { useMemo, useState } from 'preact/hooks'
import { nameKey } from '../../src/protocol/names.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Address } from '../../src/sdk/sdk.ts'
import { go } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { usePages, useSettled } from '../behaviour/use-pages.ts'
import { useChat } from '../use-chat.ts'
import './switcher.css'

/** What fits without scrolling far: who types one more letter finds faster. */
const choicesMax = 20

/** People, and public rooms, that one does not talk with yet. */
const othersMax = 6

/** Preact's types ask for a `datalist` with this role; ours is the list below. */
const combobox = { role: 'combobox' } as object

/** After the last key: a name is typed in a burst. */
const askAfterMs = 150

export function Switcher({ close }: { readonly close: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const { choices, joinable, wrong, isLoaded } = useChoices(text.trim())
  const chosen = choices[Math.min(at, choices.length - 1)]
  const open = (address: Address) => {
    close()
    go({ is: 'conversation', address })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && choices.length > 0) {
      event.preventDefault()
      setAt((Math.min(at, choices.length - 1) + step + choices.length) % choices.length)
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault()
      open(chosen)
    }
  }
  return (
    <Dialog title={say.switchTo} close={close} bare>
      <input
        class="switcher-field"
        type="text"
        {...combobox}
        dir={text === '' ? undefined : 'auto'}
        autocomplete="off"
        spellcheck={false}
        placeholder={say.switchTo}
        aria-label={say.switchLabel}
        aria-expanded={choices.length > 0}
        aria-controls="switcher-choices"
        aria-activedescendant={chosen === undefined ? undefined : idOf(chosen)}
        value={text}
        onInput={event => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="switcher-choices" class="switcher-choices" role="listbox" aria-label={say.conversations}>
        {choices.map(address => (
          <li
            key={address}
            id={idOf(address)}
            role="option"
            class="switcher-choice"
            aria-selected={address === chosen}
            ref={element => {
              if (address === chosen) element?.scrollIntoView({ block: 'nearest' })
            }}
            onClick={() => open(address)}
          >
            <Avatar address={address} small />
            <bdi>{address.slice(1)}</bdi>
            {joinable.includes(address) && <span class="item-mark">{say.publicRoom}</span>}
          </li>
        ))}
      </ul>
      {choices.length === 0 && text.trim() !== '' && (
        <p class="switcher-nothing" role="status">
          {wrong ?? (isLoaded ? say.nobodyFound : say.loading)}
        </p>
      )}
    </Dialog>
  )
}

/** One's own conversations at once, the last active first; then people and public rooms that the server finds. */
function useChoices(text: string) {
  const chat = useChat()
  const search = useSettled(text, askAfterMs)
  const asked = usePages(search, async (_: undefined, signal) => {
    const query = { search: nameIn(search), limit: choicesMax, signal }
    const [{ people }, { rooms }] = await Promise.all([
      search.startsWith('#') ? { people: [] } : chat.me.people.find(query),
      search.startsWith('@') ? { rooms: [] } : chat.me.rooms.list(query),
    ])
    const items = [...people.map(({ name }): Address => `@${name}`), ...rooms.map(({ name }): Address => `#${name}`)]
    return { items, next: undefined }
  })
  const own = chat.conversations.byActivity.value
  const isCurrent = search === text
  const { choices, joinable } = useMemo(() => {
    const key = nameKey(nameIn(text))
    const sign = /^[@#]/.exec(text)?.[0] ?? ''
    const fits = (address: Address) => address.startsWith(sign) && nameKey(address.slice(1)).includes(key)
    const beginsFirst = (address: Address) => (nameKey(address.slice(1)).startsWith(key) ? 0 : 1)
    const all = own.map(({ address }) => address)
    const mine = all.filter(fits).toSorted((a, b) => beginsFirst(a) - beginsFirst(b))
    // What was found for letters that have changed since still has to fit.
    const found = asked.items.filter(one => !all.includes(one) && (isCurrent || fits(one)))
    const people = found.filter(one => one.startsWith('@')).slice(0, othersMax)
    const rooms = found.filter(one => one.startsWith('#')).slice(0, othersMax)
    const known = mine.slice(0, choicesMax - people.length - rooms.length)
    return { choices: [...known, ...people, ...rooms], joinable: rooms }
  }, [own, asked.items, text, isCurrent])
  // Rooms that one is in are found in the list alone.
  const isLoaded = asked.isLoaded && isCurrent && chat.conversations.isWhole.value
  return { choices, joinable, wrong: isCurrent ? asked.wrong : undefined, isLoaded }
}

/** Without the sign that says whether a person or a room is meant. */
function nameIn(text: string): string {
  return text.replace(/^[@#]/, '')
}

function idOf(address: Address): string {
  return `choice-${encodeURIComponent(address)}`
}
