// The arrow keys among messages, while one of them or the log has the focus.
export function moveAmongMessages(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const target = event.target as HTMLElement
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('article[data-seq]')]
  const now = lines.findIndex(line => line === target)
  if (now < 0 && target !== event.currentTarget) return
  const to = now < 0 ? { ArrowUp: lines.length - 1 }[event.key] : { ArrowUp: now - 1, ArrowDown: now + 1 }[event.key]
  if (to !== undefined) {
    event.preventDefault()
    lines[Math.max(0, Math.min(to, lines.length - 1))]?.focus()
  } else if (now >= 0 && (event.key === 'Enter' || event.key === ' ')) {
    event.preventDefault()
    lines[now]?.querySelector<HTMLElement>('[aria-haspopup=menu]')?.click()
  } else if (event.key === 'Escape') document.getElementById('composer')?.focus()
}
