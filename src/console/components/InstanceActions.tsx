import { Group } from '@mantine/core'
import {
  IconAdjustments,
  IconArrowBigUpLines,
  IconPencil,
  IconRefresh,
  IconResize,
  IconTrash,
  type Icon,
} from '@tabler/icons-react'
import type { FunctionComponent } from 'react'
import type { Instance } from '../api-types.ts'
import { InstanceDelete } from '../forms/instance-delete.tsx'
import { InstanceEdit } from '../forms/instance-edit.tsx'
import { InstanceResize } from '../forms/instance-resize.tsx'
import { InstanceRestart } from '../forms/instance-restart.tsx'
import { InstanceSettings } from '../forms/instance-settings.tsx'
import { InstanceUpgrade } from '../forms/instance-upgrade.tsx'
import { useWhyNotInstance, type InstanceAction } from '../may.ts'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'

export type InstanceDialog = 'resize' | 'upgrade' | 'restart' | 'settings' | 'edit' | 'delete'

type DialogProps = { instance: Instance; onClose: () => void }

const dialogs: Record<
  InstanceDialog,
  { label: string; action: InstanceAction; Icon: Icon; Dialog: FunctionComponent<DialogProps> }
> = {
  resize: { label: 'Reconfigure', action: 'change', Icon: IconResize, Dialog: InstanceResize },
  upgrade: { label: 'Upgrade', action: 'change', Icon: IconArrowBigUpLines, Dialog: InstanceUpgrade },
  restart: { label: 'Restart', action: 'mend', Icon: IconRefresh, Dialog: InstanceRestart },
  settings: { label: 'Settings', action: 'mend', Icon: IconAdjustments, Dialog: InstanceSettings },
  edit: { label: 'Edit', action: 'rename', Icon: IconPencil, Dialog: InstanceEdit },
  delete: { label: 'Delete', action: 'delete', Icon: IconTrash, Dialog: InstanceDelete },
}

type InstanceActionsProps = {
  instance: Instance
  onChoose: (dialog: InstanceDialog) => void
  size?: 'compact-sm' | 'sm'
}

/** What can be done with an Instance now, and by this person, from the very rules that the server asks. */
export function InstanceActions({ instance, onChoose, size = 'sm' }: InstanceActionsProps) {
  const whyNot = useWhyNotInstance(instance)
  return (
    <Group gap="xs">
      {(Object.keys(dialogs) as InstanceDialog[]).map((name) => {
        const { label, action, Icon } = dialogs[name]
        const why = whyNot(action)
        return (
          <ReasonedButton
            key={name}
            size={size}
            variant="default"
            leftSection={<Icon size={15} aria-hidden />}
            allowed={!why}
            why={why}
            onClick={() => onChoose(name)}
          >
            {label}
          </ReasonedButton>
        )
      })}
    </Group>
  )
}

type InstanceDialogsProps = { instance: Instance; open: InstanceDialog | undefined; onClose: () => void }

/** Kept outside the popovers and menus that open them: those close at the first click in a dialog. */
export function InstanceDialogs({ instance, open, onClose }: InstanceDialogsProps) {
  if (!open) return null
  const { Dialog } = dialogs[open]
  return <Dialog instance={instance} onClose={onClose} />
}
