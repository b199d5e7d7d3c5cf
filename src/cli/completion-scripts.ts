// The three shells' ways to complete a word, each from the same description of the commands. What comes from a server is
// only ever a candidate, one a line: no shell evaluates it.
import type { Flag, Listed, Value, Verb } from './completion-words.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export function scriptFor(shell: Shell, verbs: readonly Verb[]): string {
  return { bash, zsh, fish }[shell](verbs)
}

/** In single quotes, for bash and zsh. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

// ── bash ──

function bash(verbs: readonly Verb[]): string {
  return `# hullo in bash: source <(hullo completion bash)
_hullo_lines() { # candidates from standard input, one a line, quoted for the command line
  local line
  while IFS= read -r line; do
    [[ $line == "$cur"* ]] && COMPREPLY+=("$(printf %q "$line")")
  done
}
_hullo() {
  local cur=\${COMP_WORDS[COMP_CWORD]} verb=\${COMP_WORDS[1]} flag=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${quoted(verbs.map(({ name }) => name).join(' '))} -- "$cur"))
    return
  fi
  case $verb:$flag in
${rows(verbs, inBash)}
  esac
  if [[ $cur == -* ]]; then
    case $verb in
${verbs.map(({ name, flags }) => `      ${name}) COMPREPLY=($(compgen -W ${quoted(flags.map(flag => flag.name).join(' '))} -- "$cur")) ;;`).join('\n')}
    esac
  elif ((COMP_CWORD == 2)); then
    case $verb in
${verbs
  .filter(({ first }) => first.is === 'names' || first.is === 'words')
  .map(({ name, first }) => `      ${name}) ${inBash(first)} ;;`)
  .join('\n')}
    esac
  fi
}
complete -o default -F _hullo hullo
`
}

function inBash(value: Value): string {
  if (value.is === 'names') return `_hullo_lines < <(hullo complete-names ${value.kind} 2>/dev/null)`
  if (value.is === 'words') return `COMPREPLY=($(compgen -W ${quoted(value.words.join(' '))} -- "$cur"))`
  return ':' // files: bash's own way is the default
}

/** `send:--id) ...; return ;;` for each flag that takes a value. */
function rows(verbs: readonly Verb[], write: (value: Value) => string): string {
  return verbs
    .flatMap(({ name, flags }) =>
      flags.filter(takesValue).map(flag => `    ${name}:${flag.name}) ${write(flag.value)}; return ;;`),
    )
    .join('\n')
}

function takesValue({ value }: Flag): boolean {
  return value.is !== 'none'
}

// ── zsh ──

function zsh(verbs: readonly Verb[]): string {
  return `#compdef hullo
# hullo in zsh: a file _hullo in a folder of $fpath, or: source <(hullo completion zsh)
_hullo() {
  local -a found
  if ((CURRENT == 2)); then
    found=(${verbs.map(described).join(' ')})
    _describe command found
    return
  fi
  case $words[2]:$words[CURRENT-1] in
${rows(verbs, inZsh)}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    case $words[2] in
${verbs.map(({ name, flags }) => `      ${name}) found=(${flags.map(described).join(' ')}) ;;`).join('\n')}
    esac
    _describe option found
  elif ((CURRENT == 3)); then
    case $words[2] in
${verbs
  .filter(({ first }) => first.is === 'names' || first.is === 'words')
  .map(({ name, first }) => `      ${name}) ${inZsh(first)} ;;`)
  .join('\n')}
      *) _files ;;
    esac
  else
    _files
  fi
}
if (($+functions[compdef])); then compdef _hullo hullo; fi
`
}

function described({ name, description }: { readonly name: string; readonly description: string }): string {
  return quoted(`${name}:${description.replaceAll(':', '\\:')}`)
}

function inZsh(value: Value): string {
  if (value.is === 'names') return `compadd -- \${(f)"$(hullo complete-names ${value.kind} 2>/dev/null)"}`
  if (value.is === 'words') return `compadd -- ${value.words.map(quoted).join(' ')}`
  return '_files'
}

// ── fish ──

function fish(verbs: readonly Verb[]): string {
  const first = 'not __fish_seen_subcommand_from ' + verbs.map(({ name }) => name).join(' ')
  const lines = verbs.flatMap(verb => [
    `complete -c hullo -f -n ${inFish(first)} -a ${verb.name} -d ${inFish(verb.description)}`,
    ...(verb.first.is === 'names' || verb.first.is === 'words'
      ? [
          `complete -c hullo -f -n ${inFish(`__fish_seen_subcommand_from ${verb.name}; and test (count (commandline -opc)) -eq 2`)} -a ${candidates(verb.first)}`,
        ]
      : []),
    ...verb.flags.map(flag => fishFlag(verb.name, flag)),
  ])
  return `# hullo in fish: hullo completion fish > ~/.config/fish/completions/hullo.fish\n${lines.join('\n')}\n`
}

function fishFlag(verb: string, { name, description, value }: Flag): string {
  const line = `complete -c hullo -n ${inFish(`__fish_seen_subcommand_from ${verb}`)} -l ${name.slice(2)} -d ${inFish(description)}`
  if (value.is === 'names' || value.is === 'words') return `${line} -xa ${candidates(value)}`
  return line + { none: '', file: ' -rF', anything: ' -x' }[value.is]
}

/** What fish evaluates is our own command or our own words; the names that it prints are taken as they are. */
function candidates(value: Listed): string {
  return inFish(value.is === 'names' ? `(hullo complete-names ${value.kind} 2>/dev/null)` : value.words.join(' '))
}

/** In single quotes fish knows two escapes. */
function inFish(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
