// Ctrl-K: to a conversation by a few letters of its name, or to anybody by the whole of it (WAI-ARIA APG, combobox with a
// list box).
import { useMemo, useState } from 'preact/hooks'
import { nameKey } from '../../src/protocol/names.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Address } from '../../src/sdk/sdk.ts'
import { go } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { usePages, useSettled } from '../ui/use-pages.ts'
import { useChat } from '../use-chat.ts'
import './switcher.css'

/** What fits without scrolling far: who types one more letter finds faster. */
const choicesMax = 20

/** Preact's types ask for a `datalist` with this role; ours is the list below. */
const combobox = { role: 'combobox' } as object

/** After the last key: a name is typed in a burst. */
const askAfterMs = 150

export function Switcher({ close }: { readonly close: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const { choices, wrong, isLoaded } = useChoices(text.trim())
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

/** One's own conversations at once, the last active first; then people whom the server knows by that beginning. */
function useChoices(text: string) {
  const chat = useChat()
  const search = useSettled(text, askAfterMs)
  const found = usePages(search, async (_: undefined, signal) => ({
    items: (await chat.me.people.find({ search, limit: choicesMax, signal })).people,
    next: undefined,
  }))
  const own = chat.conversations.byActivity.value
  const choices = useMemo(() => {
    const key = nameKey(text.replace(/^[@#]/, ''))
    const fits = ({ name }: { readonly name: string }) => nameKey(name).includes(key)
    const beginsFirst = (name: string) => (nameKey(name).startsWith(key) ? 0 : 1)
    const mine = own.filter(fits).toSorted((a, b) => beginsFirst(a.name) - beginsFirst(b.name))
    const addresses = mine.map(({ address }) => address)
    const people = found.items.filter(fits).map(({ name }): Address => `@${name}`)
    const others = people.filter(one => !addresses.includes(one))
    return [...addresses, ...others].slice(0, choicesMax)
  }, [own, found.items, text])
  // Rooms that one is in are found in the list alone.
  const isLoaded = found.isLoaded && search === text && chat.conversations.isWhole.value
  return { choices, wrong: search === text ? found.wrong : undefined, isLoaded }
}

function idOf(address: Address): string {
  return `choice-${encodeURIComponent(address)}`
}
