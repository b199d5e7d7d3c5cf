// Copying to the clipboard, on plain HTTP too, where a page gets no clipboard: there a selected text is copied as by Ctrl-C.
import * as say from '../../src/protocol/texts/page.ts'
import { toast } from './toast.tsx'

/** Copies a text and says whether that worked. To be called while an event of the user's is handled. */
export async function copyText(text: string): Promise<void> {
  toast((await isWritten(text)) || isCopiedBySelection(text) ? say.copied : say.notCopied)
}

async function isWritten(text: string): Promise<boolean> {
  if (!isSecureContext || !('clipboard' in navigator)) return false
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
}

function isCopiedBySelection(text: string): boolean {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.className = 'unseen'
  field.readOnly = true
  field.value = text
  // Outside an open dialog nothing can be selected.
  const place = before?.closest('dialog') ?? document.body
  place.append(field)
  field.select()
  try {
    return document.execCommand('copy')
  } finally {
    field.remove()
    if (before instanceof HTMLElement) before.focus()
  }
}
