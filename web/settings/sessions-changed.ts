// Counts up when sessions ended by what was done in the settings, so that their list is taken anew.
import { signal } from '@preact/signals'

export const sessionsChanged = signal(0)
