import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { longestDescription } from '../../domain/names.ts'
import { api } from '../api.ts'
import type { Environment, Version } from '../api-types.ts'
import { CreatePlanPanel } from '../components/CreatePlanPanel.tsx'
import { paths } from '../paths.ts'
import { toProblem } from '../problem.ts'
import { queries } from '../queries.ts'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { Panel } from '../ui/Panel.tsx'
import { CapacityField } from './capacity-field.tsx'
import { fieldErrors } from './field-errors.ts'
import { useIdempotencyKey } from './idempotency-key.ts'
import classes from './instance-create.module.css'
import { bodyOf, draftFields, emptyDraft, planBodyOf, problemsOf, type InstanceDraft } from './instance-draft.ts'
import { keepDraft, takeDraft } from './kept-draft.ts'
import { PlacementFields } from './placement-fields.tsx'
import { listenersOf, securityFields, wrongCombinationOf } from './security-draft.ts'
import { SecurityPanel } from './security-panel.tsx'
import { VersionField } from './version-field.tsx'

type InstanceCreateProps = { environment: Environment; versions: Version[] }

/** The form for a new Instance, with the plan of what will be made beside it. */
export function InstanceCreate({ environment, versions }: InstanceCreateProps) {
  const form = useForm<InstanceDraft>({
    initialValues: { ...emptyDraft(environment, versions), ...takeDraft() },
    validate: problemsOf,
    validateInputOnBlur: true,
  })
  const create = useCreate((errors) => form.setErrors(errors))
  const plan = usePlan(form.values)
  const planErrors = fieldErrors(toProblem(plan.error), draftFields)
  const akuPerNode = environment.machineTypes[0]?.akuPerNode ?? 1
  const errorAt = (field: string) => form.errors[field] ?? (plan.error ? planErrors[field] : undefined)
  const wrongCombination = wrongCombinationOf(form.values.security)
  return (
    <form
      onSubmit={form.onSubmit(
        (draft) => create.mutate(draft),
        (errors) => form.getInputNode(Object.keys(errors)[0] ?? 'name')?.focus(),
      )}
      noValidate
      className={classes.columns}
    >
      <Stack gap="lg">
        <Panel title="Name">
          <Stack>
            <TextInput
              label="Name"
              description="3 to 64 letters (Chinese included), digits, “_” and “-”. It can be changed later."
              withAsterisk
              data-autofocus
              autoFocus
              autoComplete="off"
              {...form.getInputProps('name')}
              error={errorAt('name')}
            />
            <Textarea
              label="Remark"
              description={`What it is for and whose it is, in at most ${longestDescription} characters. Optional.`}
              autosize
              minRows={1}
              {...form.getInputProps('description')}
            />
          </Stack>
        </Panel>
        <PlacementFields
          draft={form.values}
          environment={environment}
          akuPerNode={akuPerNode}
          errorAt={errorAt}
          onChange={(networks) => form.setFieldValue('networks', networks)}
        />
        <CapacityField
          environment={environment}
          input={form.getInputProps('reservedAku')}
          error={errorAt('reservedAku')}
        />
        <Panel title="Storage">
          <Notice tone="busy">
            Nothing to reserve. Each node writes to a folder of its own on this machine’s disk, which grows with what is
            kept, and every record is kept on three nodes.
          </Notice>
        </Panel>
        <SecurityPanel
          draft={form.values.security}
          errorAt={(field) => errorAt(field) ?? wrongCombination[field]}
          onChange={(security) => {
            for (const field of securityFields) form.clearFieldError(field)
            form.setFieldValue('security', security)
          }}
        />
        <VersionField versions={versions} input={form.getInputProps('version')} error={errorAt('version')} />
      </Stack>
      <aside className={classes.plan} aria-label="Plan">
        <CreatePlanPanel
          plan={planBodyOf(form.values, '') === null ? null : (plan.data ?? undefined)}
          listeners={listenersOf(form.values.security)}
          error={plan.error}
          isOld={plan.isPlaceholderData || plan.isFetching}
        />
        {create.error && <ErrorNotice error={create.error} title="The Instance was not created" />}
        <Group grow>
          <Button variant="default" renderRoot={(props) => <Link to={paths.instances} {...props} />}>
            Back
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create Instance
          </Button>
        </Group>
      </aside>
    </form>
  )
}

/** The plan of the draft as it stands, a moment after the last keystroke. */
function usePlan(draft: InstanceDraft) {
  const [standInName] = useState(() => `plan-${Math.random().toString(36).slice(2, 10)}`)
  const [settled] = useDebouncedValue(draft, 300)
  return useQuery(queries.planCreate(planBodyOf(settled, standInName)))
}

function useCreate(onFieldErrors: (errors: Record<string, string>) => void) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const keyFor = useIdempotencyKey()
  return useMutation({
    mutationFn: (draft: InstanceDraft) => {
      const body = bodyOf(draft)
      return api.createInstance(body, keyFor(body))
    },
    onError: (error, draft) => {
      keepDraft(draft)
      onFieldErrors(fieldErrors(toProblem(error), draftFields))
    },
    onSuccess: async (instance) => {
      takeDraft()
      queryClient.setQueryData(['instance', instance.instanceId], instance)
      void queryClient.invalidateQueries({ queryKey: ['instances'] })
      await navigate({ to: paths.instance, params: { instanceId: instance.instanceId } })
    },
  })
}
