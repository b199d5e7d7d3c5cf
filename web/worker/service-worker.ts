// The page's own files, kept by the browser so that the page opens while the server is away. Nothing of the API ever passes
// through here: what was loaded of messages is the page's affair (model/copy.ts), and goes with the session.
declare const self: ServiceWorkerGlobalScope

/** Put in by the build: every file of the page but itself, and the digest of them all. */
declare const pageFiles: readonly string[]
declare const pageVersion: string

const cachePrefix = 'hullo-page-'
const cacheName = cachePrefix + pageVersion

/** Where the page is, with its slash: the server's own, or below a path of a proxy. */
const scope = self.registration.scope

/** A server that does not answer within that time is treated as away; the page says so itself when it is not. */
const pageWaitMs = 3_000

const names = new Set(pageFiles)

/** In each version's cache, when it was put there: browsers do not say which of them is older. */
const stampUrl = `${scope}page/kept-at`

self.addEventListener('install', event => {
  event.waitUntil(install())
})

self.addEventListener('activate', event => {
  event.waitUntil(activate())
})

self.addEventListener('fetch', event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return
  const name = url.href.slice(scope.length).replace(/[?#].*$/s, '')
  if (name === '') {
    if (request.mode === 'navigate') event.respondWith(thePage(request))
  } else if (names.has(name) || name.startsWith('page/')) {
    event.respondWith(fileOf(request))
  }
})

self.addEventListener('notificationclick', event => {
  event.notification.close()
  const { data } = event.notification as { data: unknown }
  event.waitUntil(goTo(typeof data === 'string' ? data : '#/'))
})

/** In a tab that is there, without loading it anew; else in a new one. */
async function goTo(hash: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window' })
  const there = windows.find(({ url }) => url.startsWith(scope))
  if (there === undefined) return void (await self.clients.openWindow(scope + hash))
  there.postMessage(hash)
  await there.focus()
}

/** All or nothing: a version whose files do not all come is not taken, and the one before stays. */
async function install(): Promise<void> {
  const cache = await caches.open(cacheName)
  // Who does not ask for HTML gets another answer at this address.
  const page = await fetch(scope, { headers: { Accept: 'text/html' }, cache: 'no-cache' })
  if (!isPage(page)) throw new Error(`the page: ${page.status}`)
  const stamp = new Response(String(Date.now()))
  await Promise.all([cache.put(scope, page), cache.addAll(pageFiles.map(name => scope + name))])
  await cache.put(stampUrl, stamp)
  // The page is asked for anew each time, so that nothing is gained by waiting for the last tab of the old version.
  await self.skipWaiting()
}

/** The version before stays too: a tab that is open may not have loaded all its parts yet. */
async function activate(): Promise<void> {
  const old = (await caches.keys()).filter(key => key.startsWith(cachePrefix) && key !== cacheName)
  const times = await Promise.all(old.map(keptAt))
  const latest = Math.max(...times)
  await Promise.all(old.filter((_, index) => times[index] !== latest).map(key => caches.delete(key)))
  await self.clients.claim()
}

/** 0 of a version that did not come whole. */
async function keptAt(cache: string): Promise<number> {
  const stamp = await caches.match(stampUrl, { cacheName: cache })
  return stamp === undefined ? 0 : Number(await stamp.text())
}

/** As the server has it now; where it is away (or a proxy says that it is), as it was kept. */
async function thePage(request: Request): Promise<Response> {
  const kept = await caches.match(scope, { cacheName, ignoreVary: true })
  if (kept === undefined) return fetch(request)
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), pageWaitMs)
  try {
    const answer = await fetch(request, { signal: patience.signal })
    return answer.status >= 500 ? kept : answer
  } catch {
    return kept
  } finally {
    clearTimeout(timer)
  }
}

/** A name with a hash is the same for ever; the few others are as new as the version that they came with. */
async function fileOf(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName, ignoreVary: true })) ?? (await elsewhere(request))
}

async function elsewhere(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}

function isPage(response: Response): boolean {
  return response.ok && response.headers.get('Content-Type')?.startsWith('text/html') === true
}
