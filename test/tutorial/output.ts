// What a block says will be printed, as a pattern for what is printed, and the keys that are pressed in between.

/** Something that is shown (`...` and numbers of five digits stand for what varies), or keys. */
export type Step = { readonly shows: string } | { readonly keys: string }

const ctrlC = '\x03'

/** The lines of a block as steps: `^C` and `⏎` become keys, with what the terminal shows before and after them. */
export function stepsOf(lines: readonly string[]): Step[] {
  const steps: Step[] = []
  let shows = ''
  const press = (keys: string): void => {
    if (shows !== '') steps.push({ shows })
    steps.push({ keys })
    shows = ''
  }
  for (const line of lines) {
    const [, prompt, typed] = /^(.*?: )(.*)⏎$/.exec(line) ?? []
    if (prompt !== undefined && typed !== undefined) {
      const [, hidden] = /^\((.*)\)$/.exec(typed) ?? []
      shows += prompt
      press(`${hidden ?? typed}\r`)
      shows = hidden === undefined ? `${typed}\n` : '\n'
    } else {
      if (line.startsWith('^C')) press(ctrlC)
      shows += `${line}\n`
    }
  }
  if (shows !== '') steps.push({ shows })
  return steps
}

/** The numbers of one chapter that its author could not know: as written, and as they were on the screen. */
export type Numbers = Map<string, string>

/**
 * Where in `screen` the text that `shows` describes ends; -1 if it is not there. It has to begin at the beginning, and
 * with `whole` to end at the end; empty lines before and after do not count. New numbers are added to `numbers`.
 */
export function match(shows: string, screen: string, numbers: Numbers, { whole }: { whole: boolean }): number {
  const isNew: string[] = []
  const lines = shows.trim() === '' ? [] : shows.replace(/^\s*\n|\s+$/g, '').split('\n')
  const pattern = lines.map((line, index) => patternOfLine(line, index === lines.length - 1, numbers, isNew)).join('')
  const matched = new RegExp(`^\\s*${pattern}${whole ? '\\s*$' : ''}`).exec(screen)
  if (matched === null) return -1
  for (const [index, number] of isNew.entries()) numbers.set(number, matched[index + 1] ?? '')
  return matched[0].length
}

function patternOfLine(line: string, isLast: boolean, numbers: Numbers, isNew: string[]): string {
  if (line.trim() === '...') return isLast ? '[^]*?' : '(?:.*\\n)*?'
  const parts = line.trimEnd().split(/(\.{3}|\b\d{5}\b)/)
  const pattern = parts.map(part => {
    if (part === '...') return '.*?'
    return /^\d{5}$/.test(part) ? patternOfNumber(part, numbers, isNew) : RegExp.escape(part)
  })
  return `${pattern.join('')}[ \\t]*${isLast ? '(?:\\n|$)' : '\\n'}`
}

function patternOfNumber(number: string, numbers: Numbers, isNew: string[]): string {
  const known = numbers.get(number)
  if (known !== undefined) return known
  if (isNew.includes(number)) return `\\${isNew.indexOf(number) + 1}(?!\\d)`
  isNew.push(number)
  return '(\\d{4,5})'
}
