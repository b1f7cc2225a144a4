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
  // One element in both cases: a button that closes behind a dialog still gets the focus back.
  const closed = { 'data-disabled': true, 'aria-disabled': true, 'aria-description': why }
  return (
    <Tooltip label={why} disabled={allowed}>
      <Button {...button} {...(!allowed && closed)} onClick={(event) => (allowed ? onClick() : event.preventDefault())}>
        {children}
      </Button>
    </Tooltip>
  )
}
