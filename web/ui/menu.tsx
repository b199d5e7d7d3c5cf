// A menu at a point: arrow keys, Enter, Esc; it closes when one looks elsewhere (WAI-ARIA APG, Menu).
import { useLayoutEffect, useRef } from 'preact/hooks'
import { giveFocusBack } from '../behaviour/focus.ts'
import { Icon, type IconName } from './icon.tsx'
import './menu.css'

export interface MenuItem {
  readonly icon: IconName
  readonly label: string
  readonly danger?: boolean
  readonly act: () => void
}

/** In the window, px. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Where a menu begins for an event: at the pointer, or below what was pressed by the keyboard. */
export function pointOf(event: MouseEvent): Point {
  if (event.clientX !== 0 || event.clientY !== 0) return { x: event.clientX, y: event.clientY }
  const { left, right, bottom } = (event.currentTarget as Element).getBoundingClientRect()
  return { x: isRightToLeft() ? right : left, y: bottom }
}

interface MenuProps {
  readonly label: string
  readonly at: Point
  readonly items: readonly MenuItem[]
  readonly close: () => void
}

/** Open as long as it is drawn. */
export function Menu({ label, at, items, close }: MenuProps) {
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const menu = ref.current
    if (menu === null) return undefined
    const before = document.activeElement
    menu.showPopover()
    place(menu, at)
    menu.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    return () => {
      giveFocusBack(menu, before)
    }
  }, [at])
  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(ref.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const now = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key]
    if (event.key === 'Tab') close()
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    all.at(to >= all.length ? 0 : to)?.focus()
  }
  return (
    <div
      ref={ref}
      popover="auto"
      class="menu"
      role="menu"
      aria-label={label}
      onKeyDown={onKeyDown}
      onToggle={event => {
        if (event.newState === 'closed') close()
      }}
    >
      {items.map(item => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          class={item.danger === true ? 'menu-item menu-danger' : 'menu-item'}
          onClick={() => {
            // The focus is back where it was before anything else takes it.
            ref.current?.hidePopover()
            close()
            item.act()
          }}
        >
          <Icon name={item.icon} size={18} />
          {item.label}
        </button>
      ))}
    </div>
  )
}

/** Inside the window, whatever the point. */
function place(menu: HTMLElement, { x, y }: Point): void {
  const { width, height } = menu.getBoundingClientRect()
  const left = isRightToLeft() ? x - width : x
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`
  menu.style.top = `${Math.max(8, y + height > innerHeight - 8 ? y - height : y)}px`
}

function isRightToLeft(): boolean {
  return document.documentElement.matches(':dir(rtl)')
}
