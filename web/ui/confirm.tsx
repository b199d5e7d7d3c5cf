// Asks before what cannot be undone: `await confirm({...})`.
import { signal } from '@preact/signals'
import * as say from '../../src/protocol/texts/page.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface Question {
  readonly question: string
  /** What the button that does it says. */
  readonly yes: string
  readonly danger?: boolean
}

const asked = signal<(Question & { readonly answer: (yes: boolean) => void }) | undefined>(undefined)

/** Resolves with whether it is to be done. */
export function confirm(question: Question): Promise<boolean> {
  asked.value?.answer(false)
  return new Promise(resolve => {
    asked.value = {
      ...question,
      answer(yes) {
        asked.value = undefined
        resolve(yes)
      },
    }
  })
}

/** Stands once, in the app. */
export function Confirmations() {
  const now = asked.value
  if (now === undefined) return null
  return (
    <Dialog title={now.yes} close={() => now.answer(false)}>
      <p>{now.question}</p>
      <div class="dialog-buttons">
        <Button data-first="" onClick={() => now.answer(false)}>
          {say.cancel}
        </Button>
        <Button look={now.danger === true ? 'danger' : 'main'} onClick={() => now.answer(true)}>
          {now.yes}
        </Button>
      </div>
    </Dialog>
  )
}
