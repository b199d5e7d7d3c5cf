// The frame of a view in the place of a conversation: its head with the way back, and a body that scrolls. The focus goes
// along, so that who hears the page is told where they are.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'
import { hrefOf, type Route } from '../model/route.ts'
import { escapeTo } from '../behaviour/escape.ts'
import { Icon } from './icon.tsx'
import './view.css'

interface ViewProps {
  readonly title: string
  /** Where Back leads on a phone; to the conversations where nothing is said. */
  readonly back?: Route
  /** At the end of the head. */
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

/** What bears `data-first` gets the focus where there is room for a keyboard on the screen, else the title. */
export function View({ title, back = { is: 'home' }, actions, children }: ViewProps) {
  const ref = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const first = ref.current?.querySelector<HTMLElement>('[data-first]')
    const isWide = innerWidth >= twoPanesPx
    const to = isWide && first !== null && first !== undefined ? first : ref.current?.querySelector<HTMLElement>('h1')
    to?.focus()
  }, [])
  return (
    <section ref={ref} class="view" aria-label={title} onKeyDown={escapeTo(back)}>
      <header class="view-head">
        <a
          class={back.is === 'home' ? 'icon-button pane-back' : 'icon-button'}
          href={hrefOf(back)}
          aria-label={say.goBack}
        >
          <Icon name="back" />
        </a>
        <h1 tabIndex={-1}>{title}</h1>
        {actions}
      </header>
      <div class="view-body">
        <div class="view-column">{children}</div>
      </div>
    </section>
  )
}

/** As in frame.css: 45 rem. */
const twoPanesPx = 720

interface SectionProps {
  readonly title: string
  readonly hint?: string
  readonly children: ComponentChildren
}

/** A part of a view under its own title. */
export function Section({ title, hint, children }: SectionProps) {
  return (
    <section class="section" aria-label={title}>
      <h2>{title}</h2>
      {hint !== undefined && <p class="section-hint">{hint}</p>}
      {children}
    </section>
  )
}

/** What is wrong, in the place where it went wrong; read out when it comes. */
export function Wrong({ sentence }: { readonly sentence: string | undefined }) {
  return (
    <p class="wrong" role="alert">
      {sentence ?? ''}
    </p>
  )
}
