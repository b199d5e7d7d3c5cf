// A modal dialog, the browser's own: focus stays inside and returns, Esc closes it.
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page.ts'
import { IconButton } from './button.tsx'
import { giveFocusBack } from '../behaviour/focus.ts'
import './dialog.css'

interface DialogProps {
  readonly title: string
  readonly close: () => void
  readonly children: ComponentChildren
  /** Without a visible head: its title is read out all the same. */
  readonly bare?: boolean
}

/** Open as long as it is drawn; it calls `close` when it wants to be gone. What bears `data-first` gets the focus. */
export function Dialog({ title, close, children, bare = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const isGone = useRef(false)
  const id = useId()
  useLayoutEffect(() => {
    const dialog = ref.current
    if (dialog === null) return undefined
    const before = document.activeElement
    dialog.showModal()
    dialog.querySelector<HTMLElement>('[data-first]')?.focus()
    return () => {
      isGone.current = true
      // While it is open nothing outside takes the focus.
      dialog.close()
      giveFocusBack(dialog, before)
    }
  }, [])
  const onOutside = (event: MouseEvent) => {
    if (event.target === ref.current) close()
  }
  return (
    <dialog
      ref={ref}
      class="dialog"
      aria-labelledby={id}
      onClose={() => isGone.current || close()}
      onMouseDown={onOutside}
    >
      <div class="dialog-body">
        <header class={bare ? 'unseen' : 'dialog-head'}>
          <h2 id={id}>{title}</h2>
          {!bare && <IconButton icon="close" label={say.close} onClick={close} />}
        </header>
        {children}
      </div>
    </dialog>
  )
}
