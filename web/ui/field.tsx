// A labelled field with what is wrong with it: the sentence is read out with the field, and comes when it is known.
import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'
import './field.css'

/** Of the input itself, what fields use. */
type Native = Pick<
  JSX.IntrinsicElements['input'],
  | 'name'
  | 'value'
  | 'defaultValue'
  | 'autocomplete'
  | 'autocapitalize'
  | 'spellcheck'
  | 'dir'
  | 'required'
  | 'maxLength'
  | 'placeholder'
  | 'onInput'
  | 'min'
  | 'max'
>

interface FieldProps extends Native {
  readonly type?: 'text' | 'password' | 'search' | 'number'
  readonly label: string
  /** The id of a `datalist` with what can be chosen. */
  readonly list?: string
  /** Gets the focus when its view opens. */
  readonly first?: boolean
  readonly hint?: string | undefined
  readonly error?: string | undefined
  /** Beside the field, in its frame: a button that shows a password, say. */
  readonly children?: ComponentChildren
}

/** For the name of a person or a room: nothing is corrected, nothing filled in. */
export function NameField(props: Omit<FieldProps, 'dir' | 'autocomplete' | 'autocapitalize' | 'spellcheck'>) {
  return <Field {...props} dir="auto" autocomplete="off" autocapitalize="none" spellcheck={false} />
}

export function Field({ label, hint, error, children, type = 'text', first = false, ...native }: FieldProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-frame">
        <input
          {...({ ...native, type } as JSX.IntrinsicElements['input'])}
          // Empty it has the page's direction.
          dir={native.value === '' ? undefined : native.dir}
          id={id}
          data-first={first ? '' : undefined}
          aria-invalid={error !== undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
        />
        {children}
      </div>
      {note !== undefined && (
        <p id={`${id}-note`} class={error === undefined ? 'field-hint' : 'field-error'}>
          {note}
        </p>
      )}
    </div>
  )
}
