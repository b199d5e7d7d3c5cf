// Keeps what one reads where it is, whatever is loaded above it, grows or shrinks; and stays at the end for who is there.
// The browser's own scroll anchoring is off: Safari has none, and the two would correct one another.

/** As near to the end counts as being there: a line or so. */
const endPx = 40

export class ScrollKeeper {
  readonly #box: HTMLElement
  readonly #content: HTMLElement
  readonly #observer: ResizeObserver
  readonly #moved: (atEnd: boolean) => void
  readonly #isWhole: () => boolean
  #atEnd = true
  #lastTop = 0
  /** The first line in sight, and where it was in the box. */
  #anchor: { readonly line: HTMLElement; readonly top: number } | undefined

  /**
   * `box` scrolls `content`, whose lines carry `data-seq`, and whose blocks carry in `data-block` that of their first.
   * `moved` is told after each scroll whether the end is in sight;
   * `isWhole` says whether it is the log's own end, at which one stays, or only that of what is loaded.
   */
  constructor(box: HTMLElement, content: HTMLElement, moved: (atEnd: boolean) => void, isWhole: () => boolean) {
    this.#box = box
    this.#content = content
    this.#moved = moved
    this.#isWhole = isWhole
    this.#observer = new ResizeObserver(() => this.#resized())
    this.#observer.observe(box)
    this.#observer.observe(content)
    box.addEventListener('scroll', this.#scrolled, { passive: true })
  }

  [Symbol.dispose](): void {
    this.#observer.disconnect()
    this.#box.removeEventListener('scroll', this.#scrolled)
  }

  get #stays(): boolean {
    return this.#atEnd && this.#isWhole()
  }

  toEnd(): void {
    this.#atEnd = true
    this.#box.scrollTop = this.#box.scrollHeight
    this.#remember()
    this.#moved(true)
  }

  /**
   * Puts a line, or the last one before it, a third from the top. False where it is not drawn: then its block comes into
   * sight, which is drawn with one of the next frames, and this is to be called again.
   */
  toLine(seq: number): boolean {
    const blocks = [...this.#content.querySelectorAll<HTMLElement>(':scope > [data-block]')]
    const block = blocks.findLast(one => Number(one.dataset['block']) <= seq)
    if (block === undefined) return false
    const lines = [...block.querySelectorAll<HTMLElement>('[data-seq]')]
    const line = lines.findLast(one => Number(one.dataset['seq']) <= seq)
    this.#box.scrollTop += this.#topOf(line ?? block) - this.#box.clientHeight / 3
    this.#atEnd = this.#distance() < endPx
    this.#remember()
    this.#moved(this.#atEnd)
    return line !== undefined
  }

  #scrolled = () => {
    const { scrollTop } = this.#box
    if (this.#distance() < endPx) this.#atEnd = true
    else if (scrollTop < this.#lastTop - 1) this.#atEnd = false
    else if (this.#atEnd && scrollTop > this.#lastTop) this.#atEnd = false
    this.#settle()
    this.#remember()
    this.#moved(this.#atEnd)
  }

  #resized(): void {
    if (this.#stays) this.#box.scrollTop = this.#box.scrollHeight
    else this.#settle()
    this.#remember()
    this.#moved(this.#atEnd)
  }

  /** Moves by as much as the anchor was moved by anything but scrolling. */
  #settle(): void {
    const { line, top } = this.#anchor ?? {}
    if (line === undefined || top === undefined || !line.isConnected || this.#stays) return
    const scrolledBy = this.#box.scrollTop - this.#lastTop
    const shift = this.#topOf(line) - (top - scrolledBy)
    if (Math.abs(shift) >= 1) this.#box.scrollTop += shift
  }

  #remember(): void {
    this.#lastTop = this.#box.scrollTop
    const line = this.#firstInSight()
    this.#anchor = line === undefined ? undefined : { line, top: this.#topOf(line) }
  }

  /** Blocks first, then lines: there are hundreds of the one and dozens of the other. */
  #firstInSight(): HTMLElement | undefined {
    for (const block of this.#content.querySelectorAll<HTMLElement>(':scope > [data-block]')) {
      if (this.#topOf(block) + block.offsetHeight <= 0) continue
      for (const line of block.querySelectorAll<HTMLElement>('[data-seq]')) {
        if (this.#topOf(line) + line.offsetHeight > 0) return line
      }
    }
    return undefined
  }

  #topOf(element: HTMLElement): number {
    return element.getBoundingClientRect().top - this.#box.getBoundingClientRect().top
  }

  #distance(): number {
    return this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight
  }
}
