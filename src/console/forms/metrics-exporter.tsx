import { Button, Group, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { setExporter, type ExporterAnswer, type ExporterBody } from '../api-metrics.ts'
import type { Instance } from '../api-types.ts'
import { toProblem } from '../problem.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { bodyOf, draftOf, draftProblems, exporterFieldErrors, wouldShowSecret } from './exporter-draft.ts'
import { LabelRows } from './metrics-labels.tsx'

type MetricsExporterFormProps = { instance: Instance; before: ExporterAnswer | null; onClose: () => void }

const authWords = [
  { value: 'noauth', label: 'No sign-in' },
  { value: 'basic', label: 'User and password' },
  { value: 'bearer', label: 'Token' },
]

/** Sets where an Instance's metrics go, or takes it away. At once; nothing restarts. */
export function MetricsExporterForm({ instance, before, onClose }: MetricsExporterFormProps) {
  const queryClient = useQueryClient()
  const form = useForm({
    initialValues: draftOf(before),
    validate: (draft) => exporterFieldErrors(draftProblems(draft, before)),
  })
  const save = useMutation({
    mutationFn: (body: ExporterBody) => setExporter(instance.instanceId, body),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['instance', instance.instanceId] })
      onClose()
    },
    onError: (error) => form.setErrors(exporterFieldErrors(toProblem(error).fields)),
  })
  const { authType } = form.values
  return (
    <Dialog onClose={onClose} title={`Metrics exporter of ${instance.name}`} size="lg">
      <form onSubmit={form.onSubmit((draft) => save.mutate(bodyOf(draft)))} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            Millrace sends the metrics of every node to a receiver of Prometheus remote write, about every 15 seconds.
            Nothing restarts when this changes.
          </Text>
          <TextInput
            label="Address of the receiver"
            placeholder="https://prometheus.example.com/api/v1/write"
            withAsterisk
            data-autofocus
            {...form.getInputProps('endPoint')}
          />
          <div>
            <Text size="sm" fw={600} mb={4} id="exporter-auth">
              How Millrace signs in there
            </Text>
            <SegmentedControl
              aria-labelledby="exporter-auth"
              data={authWords}
              value={authType}
              onChange={(value) => form.setFieldValue('authType', value)}
            />
          </div>
          {authType === 'basic' && (
            <Group grow align="flex-start">
              <TextInput label="User" withAsterisk autoComplete="off" {...form.getInputProps('username')} />
              <SecretInput label="Password" isKept={before?.authType === 'basic'} {...form.getInputProps('password')} />
            </Group>
          )}
          {authType === 'bearer' && (
            <SecretInput label="Token" isKept={before?.authType === 'bearer'} {...form.getInputProps('token')} />
          )}
          {wouldShowSecret(form.values) && (
            <Notice tone="warn">This address is not encrypted: whoever is on the way can read the sign-in.</Notice>
          )}
          <LabelRows form={form} />
          {save.error && Object.keys(form.errors).length === 0 && <ErrorNotice error={save.error} />}
          <Group justify="space-between">
            {before ? (
              <Button variant="default" onClick={() => save.mutate({ enabled: false })} disabled={save.isPending}>
                Stop sending
              </Button>
            ) : (
              <span />
            )}
            <Group>
              <Button variant="default" onClick={onClose}>
                Keep as it is
              </Button>
              <Button type="submit" loading={save.isPending}>
                {before ? 'Save' : 'Begin to send'}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

type SecretInputProps = { label: string; isKept: boolean }

const SecretInput = ({ label, isKept, ...input }: SecretInputProps) => (
  <PasswordInput
    label={label}
    withAsterisk={!isKept}
    description={isKept ? 'Left empty, it stays as it is' : undefined}
    autoComplete="new-password"
    {...input}
  />
)
