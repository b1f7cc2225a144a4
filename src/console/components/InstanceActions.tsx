import { Group } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { instanceCan } from '../../domain/instance.ts'
import type { Instance } from '../api-types.ts'
import { InstanceDelete } from '../forms/instance-delete.tsx'
import { InstanceEdit } from '../forms/instance-edit.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'

export type InstanceDialog = 'edit' | 'delete'

type InstanceActionsProps = {
  instance: Instance
  onChoose: (dialog: InstanceDialog) => void
  size?: 'compact-sm' | 'sm'
}

/** What can be done with an Instance now, from the very rule that the server asks. */
export function InstanceActions({ instance, onChoose, size = 'sm' }: InstanceActionsProps) {
  const rename = instanceCan('rename', instance.state)
  const remove = instanceCan('delete', instance.state)
  return (
    <Group gap="xs">
      <ReasonedButton
        size={size}
        variant="default"
        leftSection={<IconPencil size={15} aria-hidden />}
        allowed={rename.allowed}
        why={rename.allowed ? undefined : rename.why}
        onClick={() => onChoose('edit')}
      >
        Edit
      </ReasonedButton>
      <ReasonedButton
        size={size}
        variant="default"
        leftSection={<IconTrash size={15} aria-hidden />}
        allowed={remove.allowed}
        why={remove.allowed ? undefined : remove.why}
        onClick={() => onChoose('delete')}
      >
        Delete
      </ReasonedButton>
    </Group>
  )
}

type InstanceDialogsProps = { instance: Instance; open: InstanceDialog | undefined; onClose: () => void }

/** Kept outside the popovers and menus that open them: those close at the first click in a dialog. */
export function InstanceDialogs({ instance, open, onClose }: InstanceDialogsProps) {
  if (open === 'edit') return <InstanceEdit instance={instance} onClose={onClose} />
  if (open === 'delete') return <InstanceDelete instance={instance} onClose={onClose} />
  return null
}
