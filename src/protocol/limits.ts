// Every bound on what comes over the wire, decided once, each with the reason for its number.

/**
 * Seconds that a session lasts after its last use: a quarter of a year at most, and unless said otherwise, so that a device
 * that was lost does not stay signed in for ever; and a minute at least, in which a person can do one thing after another.
 */
export const sessionSecondsMax = 90 * 24 * 3_600
export const sessionSecondsMin = 60

/** Code points of an account's or a room's name, after NFKC: the longest that still fits beside a message. */
export const nameCodePointsMax = 32

/** UTF-8 bytes of one message: four pages of prose, and small enough that a page of messages is a small read. */
export const textBytesMax = 16_384

/** UTF-8 bytes of a password: longer than any manager makes, short enough that hashing cannot be made expensive. */
export const passwordBytesMax = 1_024

/** Seconds since 1970, the year 3000: beyond it C's time functions, which the lab's client calls, begin to fail. */
export const timestampSecondsMax = 32_503_680_000

/** Bytes of a JSON or form body: one message of the largest size, escaped, with its names. */
export const bodyBytesMax = 65_536

/** Nesting of a JSON body: far more than any route's shape needs. */
export const jsonDepthMax = 16

/** Messages and bytes of one batch: a millisecond or two of the writer's time, so that nobody holds the log. */
export const batchMessagesMax = 1_000
export const batchBytesMax = 1_048_576

/** Present members of a room: one message to it then wakes as many followers as one process serves in a second. */
export const roomMembersMax = 10_000

/**
 * Times that an account may come to one room: a bot that leaves every night does so for years. What it could read each time
 * is kept for good, and every read of the account goes through it.
 */
export const roomStaysMax = 1_000

/**
 * Rooms that others may put an account into, those included that it joined: more than anybody reads, and few enough that
 * strangers cannot make somebody's list of conversations too long to load.
 */
export const roomsOfMemberMax = 1_000

/** UTF-8 bytes of a room's topic: a line or two above the messages. */
export const topicBytesMax = 1_024
