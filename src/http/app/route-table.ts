// Which methods an address takes, for the refusal of all others (405 with Allow) and of addresses that do not exist.
// What was typed is compared here as text; it never goes into the router as a pattern.

export class RouteTable {
  readonly #routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = []

  /** A route as Fastify writes it: `/people`, `/sessions/:id`, `/docs/static/*`. */
  add(pattern: string, methods: readonly string[]): void {
    const source = pattern
      .split('/')
      .map(part => {
        if (part === '*') return '.*'
        return part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
      })
      .join('/')
    this.#routes.push({ path: new RegExp(`^${source}$`, 's'), methods })
  }

  /** The methods of the address in a request's target; none where there is nothing. */
  methodsOf(target: string): readonly string[] {
    const path = pathOf(target)
    return [...new Set(this.#routes.filter(route => route.path.test(path)).flatMap(route => route.methods))]
  }
}

/** Whether a request's target is v1's, be there a route or not. */
export function isV1(target: string): boolean {
  return /^\/v1(\/|$)/.test(pathOf(target))
}

/** The path of a request's target, which may be in absolute form (RFC 9112, 3.2.2); each part percent-decoded. */
function pathOf(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?]*/i, '').split('?')[0] ?? ''
  return path.split('/').map(decodePart).join('/') || '/'
}

/** A slash that was written as %2F is part of a name, not a step of the path. */
function decodePart(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('/', '%2F')
  } catch {
    return part
  }
}

/**
 * A request's target whose path begins with one slash. People type an address with a slash at its end before a path:
 * `http://127.0.0.1:5000//register` is `/register`.
 */
export function withoutDoubledSlash(target: string): string {
  return target.startsWith('//') ? target.replace(/^\/+/, '/') : target
}
