// Chance and time are arguments of the core, so that tests run seeded and without sleeping.

/** Milliseconds since 1970. */
export type Clock = () => number

/** This many random bytes. */
export type Random = (bytes: number) => Uint8Array
