// What the help of `hullo serve` says of each setting, and why a setting is refused. `values` are what the profiles have:
// `local: 127.0.0.1, classroom: 0.0.0.0`.
import type { Sentence } from './sentence.ts'

// ── What each is ──

export const profile = 'who can reach this server' as Sentence
export const port = 'TCP port; 0 takes a free one and prints it' as Sentence
export const data = 'folder of the database' as Sentence
export const trustProxy = 'ADDR|CIDR,... of proxies whose X-Forwarded-For counts' as Sentence
export const tlsCert = 'certificate with its chain (PEM), to serve HTTPS' as Sentence
export const tlsKey = "the certificate's private key (PEM)" as Sentence
export const insecureHttp = 'start the profile public without TLS: everybody in between reads along' as Sentence
export const publicUrl = 'address under which people reach this server, if by another name' as Sentence
export const allowOrigin = 'ORIGIN,... of pages elsewhere that may use the API' as Sentence
export const freeDiskMin = 'MiB of free disk below which nothing is stored; 0 for no bound' as Sentence
export const stalledReader = 'seconds after which a reader that takes nothing is disconnected' as Sentence
export const logLevel = 'what is written to standard error' as Sentence

export const host = (values: string) => `address to listen on (${values})` as Sentence
export const lab = (values: string) => `the messaging lab's routes (${values})` as Sentence
export const registration = (values: string) => `who may make an account (${values})` as Sentence
export const storedPerDay = (values: string) =>
  `MiB that one account may store in a day, or unlimited (${values})` as Sentence
export const passwordMin = (values: string) => `shortest password (${values})` as Sentence
export const guessesPerDay = (values: string) =>
  `wrong passwords of one account that are compared a day, or unlimited (${values})` as Sentence

// ── Why one is refused ──

export const publicNeedsTls = ('--profile public needs TLS, since passwords cross the internet: give --tls-cert and ' +
  '--tls-key, or --trust-proxy with the address of the proxy that has them. (--insecure-http starts it without.)') as Sentence
export const noData = '--data is empty; it names the folder of the database.' as Sentence
export const notUrl = 'It begins with http:// or https://.' as Sentence
export const notPlace = 'It is a host, and a path where there is one: no ? or #, no name and password.' as Sentence
export const keyWithoutCert = '--tls-key needs --tls-cert, the file of its certificate.' as Sentence
export const certWithoutKey = '--tls-cert needs --tls-key, the file of its private key.' as Sentence

export function localOnly(address: string): Sentence {
  return (`--profile local listens on this machine only, not on ${address}. To be reached from other machines take ` +
    '--profile classroom (a trusted network) or public (the internet).') as Sentence
}

/** The bounds as one types them, without separators. */
export function wholeNumber(least: number, most: number): Sentence {
  return `It is a whole number from ${least} to ${most}.` as Sentence
}

export function wholeNumberOr(least: number, most: number, word: string): Sentence {
  return `It must be a whole number from ${least} to ${most}, or ${word}.` as Sentence
}

export function notProxy(item: string): Sentence {
  return `${item} is neither an IP address nor a range such as 10.0.0.0/8` as Sentence
}

export function tlsUnfit(certFile: string, keyFile: string, why: string): Sentence {
  return `--tls-cert ${certFile} and --tls-key ${keyFile} do not work together: ${why}.` as Sentence
}

export function fileUnreadable(flag: string, why: string): Sentence {
  return `${flag} cannot be read: ${why}.` as Sentence
}
