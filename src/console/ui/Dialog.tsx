import { Modal, type ModalProps } from '@mantine/core'
import { useEffect, useState } from 'react'

/** A dialog for as long as it is rendered. When it goes, the focus is where it was before, or on the page if that is gone. */
export function Dialog(modal: Omit<ModalProps, 'opened'>) {
  const [opener] = useState(openerOf)
  useEffect(() => () => focusOn(opener()), [opener])
  return <Modal opened {...modal} />
}

function focusOn(opener: HTMLElement | null): void {
  const stays = opener?.isConnected ? opener : document.getElementById('main')
  stays?.focus({ preventScroll: true })
}

/**
 * What had the focus; where that is gone with the menu or popover it was in, what had opened those. They name it as what
 * labels them.
 */
function openerOf(): () => HTMLElement | null {
  const pressed = document.activeElement as HTMLElement | null
  const behind = pressed?.closest('[role=menu], [role=dialog]')?.getAttribute('aria-labelledby')
  return () => (pressed?.isConnected || !behind ? pressed : document.getElementById(behind))
}
