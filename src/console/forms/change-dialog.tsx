import { Button, Group, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState, type ReactNode } from 'react'
import type { ChangeRequest } from '../api.ts'
import { api } from '../api.ts'
import type { ChangePlan, Instance } from '../api-types.ts'
import { ChangePlanFacts } from '../components/ChangePlanFacts.tsx'
import { toProblem } from '../problem.ts'
import { queries } from '../queries.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import classes from './change-dialog.module.css'
import { useIdempotencyKey } from './idempotency-key.ts'
import { withOptions, type RollOptions } from './roll-choice.ts'
import { RollOptionsFields } from './roll-options.tsx'

type ChangeDialogProps = {
  instance: Instance
  title: string
  size?: 'lg' | 'xl'
  /** On the button: `Upgrade`. Null: there is nothing to confirm. */
  verb: string | null
  /** Null while the form asks for nothing yet. */
  request: ChangeRequest | null
  /** Why there is no request, for the button. */
  hint: string
  /** Why it cannot be sent yet, though its plan can be shown. */
  hold?: string | undefined
  /** Paths of the form's own fields, as the server names them. */
  fields: readonly string[]
  onClose: () => void
  /** The form, told what the server finds wrong with each of its fields. */
  children: (errors: Record<string, string>) => ReactNode
}

/**
 * Every change of an Instance: the form, its plan beneath it as it is typed, and only then the button. Where nodes restart, how
 * a person wants to go along with it.
 */
export function ChangeDialog(props: ChangeDialogProps) {
  const { instance, title, size = 'lg', verb, request: wish, hint, hold, fields, onClose, children } = props
  const [options, setOptions] = useState<RollOptions>({})
  const request = useMemo(() => wish && withOptions(wish, options), [wish, options])
  const [settled] = useDebouncedValue(request, 250)
  const plan = useQuery(queries.planChange(instance.instanceId, settled))
  const change = useChange(instance, onClose)
  const isOld = settled !== request || plan.isFetching
  const errors = errorsAt(fields, plan.error)
  const why = hold ?? whyNot({ request, hint, plan: plan.data ?? undefined, error: plan.error, isOld })
  return (
    <Dialog onClose={onClose} title={title} size={size}>
      <Stack>
        {children(errors)}
        {request && plan.data && plan.data.restarts.length > 0 && (
          <RollOptionsFields
            value={options}
            onChange={setOptions}
            nodes={plan.data.restarts.map(({ kafkaId }) => kafkaId)}
            canRollBack={request.verb !== 'restart' && request.verb !== 'exchange-authority'}
          />
        )}
        {request && <ChangePlanFacts plan={plan.data ?? undefined} error={plan.error} isOld={isOld} fields={fields} />}
        {change.error && <ErrorNotice error={change.error} title="Nothing was changed" />}
        <Group justify="flex-end" className={classes.foot!}>
          <Button variant="default" onClick={onClose}>
            {verb === null ? 'Close' : 'Keep as it is'}
          </Button>
          {verb !== null && (
            <ReasonedButton
              loading={change.isPending}
              allowed={why === undefined}
              why={why}
              onClick={() => request && change.mutate(request)}
            >
              {verb}
            </ReasonedButton>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}

/** What the server said of the form's own fields. */
function errorsAt(fields: readonly string[], error: unknown): Record<string, string> {
  if (!error) return {}
  const own = toProblem(error).fields.filter(({ path }) => fields.includes(path))
  return Object.fromEntries(own.map(({ path, message }) => [path, message]))
}

type Question = {
  request: ChangeRequest | null
  hint: string
  plan: ChangePlan | undefined
  error: unknown
  isOld: boolean
}

function whyNot({ request, hint, plan, error, isOld }: Question): string | undefined {
  if (!request) return hint
  if (error) return 'It cannot be done like this: see above.'
  if (isOld || !plan) return 'The plan is being worked out.'
  return plan.kind === null ? 'Nothing would change.' : undefined
}

function useChange(instance: Instance, onDone: () => void) {
  const queryClient = useQueryClient()
  const keyFor = useIdempotencyKey()
  return useMutation({
    mutationFn: (request: ChangeRequest) => api.changeInstance(instance.instanceId, request, keyFor(request)),
    onSuccess: async (changing) => {
      queryClient.setQueryData(['instance', instance.instanceId], changing)
      await queryClient.invalidateQueries({ queryKey: ['instances'] })
      onDone()
    },
  })
}
