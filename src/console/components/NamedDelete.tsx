import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'

type NamedDeleteProps = {
  /** What is deleted: `topic`, `consumer group`. */
  kind: string
  name: string
  /** What goes with it. */
  warning: ReactNode
  keep: string
  isPending: boolean
  error: unknown
  /** Of the error: what it left as it was. */
  errorTitle?: string
  /** Why not yet, whatever is typed. */
  whyNot?: string | undefined
  onDelete: () => void
  onClose: () => void
  children?: ReactNode
}

/** The second confirmation of a delete that loses something: its name is typed. */
export function NamedDelete(props: NamedDeleteProps) {
  const { kind, name, warning, keep, isPending, error, errorTitle = 'Nothing was deleted' } = props
  const { onDelete, onClose, children } = props
  const [typed, setTyped] = useState('')
  const why = props.whyNot ?? (typed === name ? undefined : `Type the name of the ${kind} first.`)
  return (
    <Dialog onClose={onClose} title={`Delete ${name}?`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!why) onDelete()
        }}
      >
        <Stack>
          <Notice tone="warn">{warning}</Notice>
          {children}
          <TextInput
            label={
              <>
                Type <span className="mono">{name}</span> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
          {error ? <ErrorNotice error={error} title={errorTitle} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {keep}
            </Button>
            <ReasonedButton color="red.8" loading={isPending} allowed={!why} why={why} onClick={onDelete}>
              Delete for good
            </ReasonedButton>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
