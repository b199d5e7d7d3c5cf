// What a person reads. The files of this folder are the one catalogue of texts: each sentence stands here once, under a
// name, and whoever says it imports that name. A sentence is never stored, sent back in, or compared: codes are.

declare const fromTheCatalogue: unique symbol

/**
 * A text of this folder. Only files of this folder may write `as Sentence` (a test looks), so what takes a `Sentence`
 * takes none that was written elsewhere. At run time it is a plain string: a bundler leaves out what is not said.
 */
export type Sentence = string & { readonly [fromTheCatalogue]: true }

/** A sentence about one field of a request: where the name stands in it is the language's affair. */
export type FieldSentence = (field: string) => Sentence
