// The certificate of a server that serves HTTPS itself: read at the start, and tried, so that what is wrong with it is
// said then and in a sentence, not to the first browser.
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Tls } from '../http/app/app.ts'
import { BadSetting } from './settings/bad-setting.ts'
import * as settingTexts from '../protocol/texts/settings.ts'
import { messageOf } from '../terminal/reason.ts'

/** What the two files hold; undefined where neither is given. Throws BadSetting. */
export function readTls(certFile: string | undefined, keyFile: string | undefined): Tls | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined
  if (certFile === undefined) throw new BadSetting(settingTexts.keyWithoutCert)
  if (keyFile === undefined) throw new BadSetting(settingTexts.certWithoutKey)
  const tls = { cert: read('--tls-cert', certFile), key: read('--tls-key', keyFile) }
  try {
    createSecureContext(tls)
  } catch (error) {
    throw new BadSetting(settingTexts.tlsUnfit(certFile, keyFile, reasonOf(error)))
  }
  return tls
}

function read(flag: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new BadSetting(settingTexts.fileUnreadable(flag, reasonOf(error)))
  }
}

function reasonOf(error: unknown): string {
  return messageOf(error)
}
