// One of several, or yes and no: the browser's own controls, each with a sentence about what it means.
import './choices.css'

interface Choice<T extends string> {
  readonly value: T
  readonly label: string
  readonly hint?: string
}

interface ChoicesProps<T extends string> {
  readonly legend: string
  readonly name: string
  readonly choices: readonly Choice<T>[]
  readonly chosen: T
  readonly choose: (value: T) => void
  /** Beside one another, for words that are short. */
  readonly row?: boolean
}

export function Choices<T extends string>({ legend, name, choices, chosen, choose, row = false }: ChoicesProps<T>) {
  return (
    <fieldset class={row ? 'choices choices-row' : 'choices'}>
      <legend>{legend}</legend>
      {choices.map(({ value, label, hint }) => (
        <label key={value} class="choice">
          <input type="radio" name={name} value={value} checked={value === chosen} onChange={() => choose(value)} />
          <span>
            {label}
            {hint !== undefined && <span class="choice-hint">{hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

interface YesProps {
  readonly label: string
  readonly hint?: string
  /** undefined until it is known. */
  readonly checked: boolean | undefined
  readonly disabled?: boolean
  readonly change: (checked: boolean) => void
}

export function Yes({ label, hint, checked, disabled = false, change }: YesProps) {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={checked === true}
        indeterminate={checked === undefined}
        disabled={disabled}
        onChange={event => change(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint !== undefined && <span class="choice-hint">{hint}</span>}
      </span>
    </label>
  )
}
