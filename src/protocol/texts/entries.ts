// What an entry of the log says, beside the texts that people write: who came, who went, what was set. The browser's page
// and the terminal show the same words. What stands in them comes from people: whoever shows it makes it safe first.
import type { EntryKind, EntryView } from '../v1.ts'
import type { Sentence } from './sentence.ts'

/** In the place of a message that is erased. */
export const erased = 'This message was erased.' as Sentence

/** Beside a message that was edited. */
export const edited = 'edited' as Sentence

/**
 * What happened, as `reader` (the name of one's own account) is told it; undefined for a message, whose text says it.
 * Names stand as they are shown, without `@`; each, and a topic, as `shown` gives it back.
 */
export function whatHappened(
  entry: EntryView,
  reader?: string,
  shown: (theirs: string) => string = theirs => theirs,
): Sentence | undefined {
  const who = entry.sender === reader ? 'You' : shown(entry.sender)
  // Without a subject it was done to the one who did it.
  const oneself = entry.sender === reader ? 'yourself' : 'themselves'
  const other = entry.subject === undefined ? oneself : shown(entry.subject)
  const whom = entry.subject !== undefined && entry.subject === reader ? 'you' : other
  // A newer server may know of more than stands here.
  const kind = entry.kind === 'role' && entry.subject === undefined ? 'own role' : entry.kind
  const deed = Object.hasOwn(deeds, kind) ? deeds[kind as Deed] : undefined
  return deed === undefined ? undefined : (`${who} ${deed(whom, entry.text ?? '', shown)}` as Sentence)
}

type Deed = Exclude<EntryKind, 'text' | 'erased'> | 'own role'

const deeds: Readonly<Record<Deed, (whom: string, text: string, shown: (theirs: string) => string) => string>> = {
  edit: () => 'edited a message',
  delete: () => 'erased a message',
  create: () => 'made this room',
  join: () => 'joined',
  leave: () => 'left',
  invite: whom => `added ${whom}`,
  remove: whom => `removed ${whom}`,
  role: (whom, role) => (role === 'owner' ? `made ${whom} an owner` : `took the ownership from ${whom}`),
  'own role': (_, role) => (role === 'owner' ? 'became an owner' : 'gave up the ownership'),
  topic: (_, topic, shown) => (topic === '' ? 'removed the topic' : `set the topic: ${shown(topic)}`),
  silence: whom => `silenced ${whom}`,
  unsilence: whom => `let ${whom} write again`,
  close: () => 'closed the room for writing',
  reopen: () => 'opened the room for writing again',
}
