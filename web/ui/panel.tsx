// The head of what stands beside a conversation: its title, and the way back to the conversation alone.
import { useLayoutEffect, useRef } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page-people.ts'
import type { Address } from '../../src/sdk/sdk.ts'
import { hrefOfAddress } from '../model/route.ts'
import { Icon } from './icon.tsx'
import './view.css'
import './panel.css'

export function PanelHead({ title, address }: { readonly title: string; readonly address: Address }) {
  const ref = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => ref.current?.focus(), [])
  return (
    <header class="panel-head">
      <h2 ref={ref} tabIndex={-1}>
        {title}
      </h2>
      <a class="icon-button" href={hrefOfAddress(address)} aria-label={say.closeDetails} title={say.closeDetails}>
        <Icon name="close" />
      </a>
    </header>
  )
}
