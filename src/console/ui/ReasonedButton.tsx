import { Button, Tooltip, type ButtonProps } from '@mantine/core'
import type { ReactNode } from 'react'

type ReasonedButtonProps = ButtonProps & {
  allowed: boolean
  /** Why not, when not allowed. */
  why?: string | undefined
  onClick: () => void
  children: ReactNode
}

/**
 * A button that stays where it is when it may not be pressed, and says why. It keeps the focus, because a reason that
 * the keyboard cannot reach is none.
 */
export function ReasonedButton({ allowed, why, onClick, children, ...button }: ReasonedButtonProps) {
  if (allowed) {
    return (
      <Button {...button} onClick={onClick}>
        {children}
      </Button>
    )
  }
  return (
    <Tooltip label={why}>
      <Button
        {...button}
        data-disabled
        aria-disabled
        aria-description={why}
        onClick={(event) => event.preventDefault()}
      >
        {children}
      </Button>
    </Tooltip>
  )
}
