// Buttons: of words, or of one icon with its words for those who do not see it.
import type { ButtonHTMLAttributes, ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'
import './button.css'

type Native = Omit<ButtonHTMLAttributes, 'class' | 'className' | 'icon' | 'label'>

interface ButtonProps extends Native {
  /** `main` the one that one came for; `plain` any other; `quiet` without a frame; `danger` cannot be undone. */
  readonly look?: 'main' | 'plain' | 'quiet' | 'danger'
  readonly wide?: boolean
  readonly children: ComponentChildren
}

export function Button({ look = 'plain', wide = false, children, ...native }: ButtonProps) {
  return (
    <button type="button" {...native} class={`button button-${look}${wide ? ' button-wide' : ''}`}>
      {children}
    </button>
  )
}

interface IconButtonProps extends Native {
  readonly icon: IconName
  /** What it does, for those who hear it and on hovering. */
  readonly label: string
  readonly small?: boolean
}

export function IconButton({ icon, label, small = false, ...native }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...native}
      aria-label={label}
      class={`icon-button${small ? ' icon-button-small' : ''}`}
    >
      <Icon name={icon} />
    </button>
  )
}
