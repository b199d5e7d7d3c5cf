// What a shell completes, read from the commands' own definitions: verbs, flags and what each accepts.

/** Names that are asked for while one types. */
export const kinds = ['addresses', 'accounts', 'rooms', 'signed-in'] as const
export type Kind = (typeof kinds)[number]

export interface Flag {
  /** `--on-failure` */
  readonly name: string
  readonly description: string
  readonly value: Value
}

/** What can be listed. */
export type Listed = Extract<Value, { is: 'names' | 'words' }>

/** What can stand there: nothing, one of a few words, a file, names, or what nobody can know. */
export type Value =
  | { readonly is: 'none' | 'file' | 'anything' }
  | { readonly is: 'words'; readonly words: readonly string[] }
  | { readonly is: 'names'; readonly kind: Kind }

export interface Verb {
  readonly name: string
  readonly description: string
  readonly flags: readonly Flag[]
  /** What its first argument is. */
  readonly first: Value
}
