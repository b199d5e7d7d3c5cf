// A sentence that passes by: what was done, or could not be. It is read out, and goes by itself.
import { signal } from '@preact/signals'
import * as say from '../../src/protocol/texts/page.ts'
import { ForeignAnswer, Refused } from '../../src/sdk/sdk.ts'
import './toast.css'

/** Long enough to read two lines twice. */
const shownMs = 6_000

const shown = signal<readonly { readonly id: number; readonly sentence: string }[]>([])
let ids = 0

/** Shows a sentence for a moment. */
export function toast(sentence: string): void {
  ids += 1
  const id = ids
  shown.value = [...shown.value, { id, sentence }]
  setTimeout(() => (shown.value = shown.value.filter(one => one.id !== id)), shownMs)
}

/** What a verb of the SDK rejected with, in a sentence. */
export function toastError(error: unknown): void {
  toast(sentenceOf(error))
}

/** For people: the server's own sentence where it said no. */
export function sentenceOf(error: unknown): string {
  // What the server says of this is for programs.
  if (error instanceof Refused && error.code === 'signed-out') return say.sessionEnded
  if (error instanceof Refused) return aboutField(error)
  const isBlocked = error instanceof ForeignAnswer && error.status >= 400 && error.status < 500
  return isBlocked ? say.blockedOnTheWay(error.status) : say.cannotReach
}

/** What is said of a field begins with its name as the API has it; here it begins with what the form calls it. */
function aboutField({ field, message }: Refused): string {
  if (field === undefined || !message.startsWith(`${field} `)) return message
  return (say.fieldNames[field] ?? upperFirst(field)) + message.slice(field.length)
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Stands once, in the app. */
export function Toasts() {
  return (
    <div class="toasts" role="status">
      {shown.value.map(({ id, sentence }) => (
        <p key={id} class="toast">
          {sentence}
        </p>
      ))}
    </div>
  )
}
