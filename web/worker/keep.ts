// Has the browser keep the page's own files (service-worker.ts), where it may: in secure contexts only.

/** Not every browser that has a worker has this; the page's policy asks for it where it is there. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

const workerUrl = './service-worker.js'

/** Never rejects: without a worker the page is only not there while the server is away. */
export async function keepThePage(): Promise<void> {
  if (!isSecureContext || !('serviceWorker' in navigator)) return
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  const policy = trustedTypes?.createPolicy('hullo', { createScriptURL: onlyTheWorker })
  const url = policy?.createScriptURL(workerUrl) ?? workerUrl
  await navigator.serviceWorker.register(url, { scope: './', updateViaCache: 'none' }).catch(() => {})
}

function onlyTheWorker(url: string): string {
  if (url !== workerUrl) throw new TypeError(url)
  return url
}
