// The three profiles: what is safe by default for this machine alone, for a room full of people, and for the world.
import { type Rules, unlimited } from '../../core/assemble.ts'
import type { LabMode } from '../../http/lab/routes.ts'

export const profileNames = ['local', 'classroom', 'public'] as const
export type ProfileName = (typeof profileNames)[number]

/** The rules of the core, without those that every profile shares, and what the transports need. */
export interface Profile extends Omit<Rules, 'freeDiskBytesMin'> {
  readonly host: string
  readonly lab: LabMode | 'off'
}

export const mebibyte = 1_048_576

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  local: {
    // Who can reach the loopback can do more than guess.
    ...unlimited,
    host: '127.0.0.1',
    lab: 'guarded',
  },
  classroom: {
    host: '0.0.0.0',
    registration: 'open',
    passwordMin: 1,
    lab: 'guarded',
    visibility: 'everybody',
    // Forty people behind one address, each with a browser (six, and a live stream a page) and a program that forgets to
    // close what it opens.
    connections: 2_000,
    arrivals: { burst: 4_000, perSecond: 400 },
    // One program in a loop gets its share of the server, and forty of them do not lock each other out.
    frames: { burst: 40_000, perSecond: 4_000 },
    accountFrames: { burst: 2_000, perSecond: 200 },
    // Batches of the largest size, one after the other, for half a minute.
    bytes: { burst: 256 * mebibyte, perSecond: 32 * mebibyte },
    accountBytes: { burst: 32 * mebibyte, perSecond: 2 * mebibyte },
    // Forty people behind one address who each try ten things a second, and who all register in the same minute.
    requests: { burst: 4_000, perSecond: 400 },
    attempts: { burst: 200, perSecond: 4 },
    // One of them, with a program that runs in a loop.
    accountRequests: { burst: 1_000, perSecond: 100 },
    // A tenth of all PINs of four digits: it takes more days than a course has lessons.
    guessesPerDay: 1_000,
    // 400,000 short messages: more than a program in a loop sends in a lesson.
    storedBytesPerDay: 100 * mebibyte,
  },
  public: {
    host: '0.0.0.0',
    registration: 'invite',
    passwordMin: 8,
    lab: 'off',
    visibility: 'sharing-a-room',
    // A household with a dozen devices, each with a browser and a live stream a page.
    connections: 128,
    // All of them at once, and then as often as requests are answered, twice.
    arrivals: { burst: 256, perSecond: 20 },
    // A frame costs less than a request: a household that types, reads and sends on a dozen devices.
    frames: { burst: 1_200, perSecond: 120 },
    accountFrames: { burst: 600, perSecond: 40 },
    // A dozen batches of the largest size, and then what an account may store in a day within two minutes.
    bytes: { burst: 16 * mebibyte, perSecond: mebibyte / 2 },
    accountBytes: { burst: 12 * mebibyte, perSecond: mebibyte / 4 },
    // A household: bursts of a person at work, and a guess of a password every five seconds.
    requests: { burst: 120, perSecond: 10 },
    attempts: { burst: 10, perSecond: 0.2 },
    // A person with several devices.
    accountRequests: { burst: 240, perSecond: 20 },
    // Fewer than 200,000 a year, from however many addresses: a password of eight characters off every list outlasts it.
    guessesPerDay: 500,
    // 80,000 short messages, or ten novels.
    storedBytesPerDay: 20 * mebibyte,
  },
}
