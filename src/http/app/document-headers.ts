// Headers that protect a document in a browser: what a page of ours, or another page that opened it, may do. They are sent
// with pages alone, since a browser ignores them everywhere else.
import type { IncomingMessage } from 'node:http'
import { isSecure, type TrustedProxies } from '../../net/address.ts'

/**
 * What the page uses (camera and microphone for calls and voice, the clipboard for "Copy") is left to the page itself, never
 * to a frame in it; every other capability that browsers know is denied. A browser warns of a name that it does not know.
 */
const permissions: readonly string[] = [
  ...['camera', 'microphone', 'clipboard-write'].map(name => `${name}=(self)`),
  ...[
    'accelerometer',
    'clipboard-read',
    'display-capture',
    'encrypted-media',
    'fullscreen',
    'gamepad',
    'geolocation',
    'gyroscope',
    'hid',
    'idle-detection',
    'local-fonts',
    'magnetometer',
    'midi',
    'payment',
    'picture-in-picture',
    'publickey-credentials-create',
    'publickey-credentials-get',
    'screen-wake-lock',
    'serial',
    'usb',
    'window-management',
    'xr-spatial-tracking',
  ].map(name => `${name}=()`),
]

const allOver = { 'Permissions-Policy': permissions.join(', ') }

// A page that opened this one, or that this one opened, gets no handle on its window and no shared process.
const whereTrusted = { ...allOver, 'Cross-Origin-Opener-Policy': 'same-origin' }

/**
 * The headers of a document that answers `request`. A browser takes `Cross-Origin-Opener-Policy` over HTTPS and on this
 * machine only, and complains of it elsewhere.
 */
export function documentHeaders(
  request: IncomingMessage,
  trusted: TrustedProxies | undefined,
): Readonly<Record<string, string>> {
  return isSecure(request, trusted) || isLoopback(request.headers.host ?? '') ? whereTrusted : allOver
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host)
}
