import { Modal, type ModalProps } from '@mantine/core'
import { useEffect, useState } from 'react'

/** A dialog for as long as it is rendered. When it goes, the focus is where it was before. */
export function Dialog(modal: Omit<ModalProps, 'opened'>) {
  const [opener] = useState(openerOf)
  useEffect(() => () => opener()?.focus(), [opener])
  return <Modal opened {...modal} />
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
