import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { descriptionProblem, instanceNameProblem, longestDescription } from '../../domain/names.ts'
import { api } from '../api.ts'
import type { Instance } from '../api-types.ts'
import { toProblem } from '../problem.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import { fieldErrors } from './field-errors.ts'

/** Renames an Instance and edits its remark. Neither restarts anything. */
export function InstanceEdit({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const queryClient = useQueryClient()
  const form = useForm({
    initialValues: { name: instance.name, description: instance.description ?? '' },
    validate: { name: instanceNameProblem, description: descriptionProblem },
  })
  const save = useMutation({
    mutationFn: (values: { name: string; description: string }) =>
      api.updateInstance(instance.instanceId, changed(instance, values)),
    onSuccess: (updated) => {
      queryClient.setQueryData(['instance', instance.instanceId], updated)
      void queryClient.invalidateQueries({ queryKey: ['instances'] })
      onClose()
    },
    onError: (error) => form.setErrors(fieldErrors(toProblem(error), ['name', 'description'])),
  })
  return (
    <Dialog onClose={onClose} title={`Edit ${instance.name}`}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <TextInput label="Name" withAsterisk data-autofocus {...form.getInputProps('name')} />
          <Textarea
            label="Remark"
            description={`${[...form.values.description].length} of ${longestDescription} characters`}
            autosize
            minRows={2}
            {...form.getInputProps('description')}
          />
          {save.error && Object.keys(form.errors).length === 0 && <ErrorNotice error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Keep as it is
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

/** Only what changed is sent: a remark that was never set is not set to nothing. */
function changed(instance: Instance, values: { name: string; description: string }) {
  return {
    ...(values.name === instance.name ? {} : { name: values.name }),
    ...(values.description === (instance.description ?? '') ? {} : { description: values.description }),
  }
}
