// Light, dark, or as the system has it: the reader's own choice, kept in this browser.
import { effect, signal } from '@preact/signals'
import type { Kept } from './kept.ts'

export type Theme = 'system' | 'light' | 'dark'

/** The reader's choice. */
export const theme = signal<Theme>('system')

/** Takes the kept choice, and from then on shows and keeps each other one. */
export function followTheme(kept: Kept): void {
  const was = kept.read('theme')
  if (was === 'light' || was === 'dark') theme.value = was
  effect(() => {
    const chosen = theme.value
    kept.write('theme', chosen === 'system' ? undefined : chosen)
    if (chosen === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
  })
}
