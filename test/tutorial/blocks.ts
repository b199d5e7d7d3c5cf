// Takes a chapter apart into the blocks that a reader writes down or types. README.md here says how they are written.
// It never guesses: a block that it does not know is an error that names its line.

/** A file that the reader writes: `file` is its path in the clone. */
export interface Program {
  readonly kind: 'program'
  readonly at: string
  readonly file: string
  readonly text: string
}

/** What one terminal is told, and what it shows. */
export interface Console {
  readonly kind: 'console'
  readonly at: string
  readonly terminal: number
  readonly goesOn: boolean
  readonly stays: boolean
  /** Of the last command; undefined where the block does not say. */
  readonly exit: number | undefined
  readonly runs: readonly Run[]
}

/** One command with its output; without a command it is the output of the program that runs there. */
export interface Run {
  readonly command: string | undefined
  readonly output: readonly string[]
}

export type Block = Program | Console

const endings: Readonly<Record<string, string>> = { ts: '.ts', python: '.py', json: '.json' }

/** The blocks of a chapter, in order. `name` is used in the errors, and in `at`: `03-the-happy-server.md:17`. */
export function blocksOf(name: string, markdown: string): Block[] {
  const blocks: Block[] = []
  let open: { readonly fence: string; readonly info: string; readonly at: string; readonly lines: string[] } | undefined
  for (const [index, line] of markdown.split('\n').entries()) {
    const at = `${name}:${index + 1}`
    const [, indent = '', fence = '', info = ''] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line) ?? []
    if (open !== undefined) {
      if (line.trimEnd() === open.fence) {
        blocks.push(blockOf(open.info.trim(), open.lines, open.at))
        open = undefined
      } else {
        open.lines.push(line)
      }
    } else if (fence !== '') {
      if (indent !== '') throw new Error(`${at}: a block begins at the margin`)
      open = { fence, info, at, lines: [] }
    } else if (/^( {4}|\t)/.test(line)) {
      throw new Error(`${at}: an indented line reads as a block: use a fence`)
    }
  }
  if (open !== undefined) throw new Error(`${open.at}: the block does not end`)
  return blocks
}

function blockOf(info: string, lines: readonly string[], at: string): Block {
  const [language = '', ...words] = info.split(/ +/)
  if (language === 'console') return consoleOf(words, lines, at)
  const ending = endings[language]
  if (ending === undefined) throw new Error(`${at}: unknown kind of block "${info}"`)
  const [, file = ''] = /^file=(my\/[\w-]+\.\w+)$/.exec(words.join(' ')) ?? []
  if (!file.endsWith(ending)) throw new Error(`${at}: "${info}" needs file=my/NAME${ending} and nothing else`)
  return { kind: 'program', at, file, text: `${lines.join('\n')}\n` }
}

function consoleOf(words: readonly string[], lines: readonly string[], at: string): Console {
  const block = { kind: 'console' as const, at, terminal: 1, goesOn: false, stays: false, exit: undefined }
  const told: Partial<Console> = Object.assign({}, ...words.map(word => told1(word, at)))
  const runs: { readonly command: string | undefined; readonly output: string[] }[] = []
  if (told.goesOn === true) runs.push({ command: undefined, output: [] })
  for (const line of lines) {
    if (line.startsWith('$ ')) runs.push({ command: line.slice(2), output: [] })
    else if (runs.length > 0) runs.at(-1)?.output.push(line)
    else throw new Error(`${at}: the first line begins with "$ ", unless the block goes on`)
  }
  if (runs.length === 0) throw new Error(`${at}: nothing to run`)
  if (told.stays === true && told.exit !== undefined) throw new Error(`${at}: a command that stays has no exit code`)
  return { ...block, ...told, runs }
}

function told1(word: string, at: string): Partial<Console> {
  const [, key, value] = /^(in|exit)=(\d+)$/.exec(word) ?? []
  if (key === 'in') return { terminal: Number(value) }
  if (key === 'exit') return { exit: Number(value) }
  if (word === 'stays') return { stays: true }
  if (word === 'goes-on') return { goesOn: true }
  throw new Error(`${at}: unknown word "${word}"`)
}
