import { Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { InstanceCreate } from '../../forms/instance-create.tsx'
import { queries } from '../../queries.ts'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { PageHead } from '../../ui/PageHead.tsx'

export function NewInstancePage() {
  const environment = useQuery(queries.environment())
  const versions = useQuery(queries.versions())
  const error = environment.error ?? versions.error
  return (
    <>
      <PageHead title="Create Instance" sub="A whole Kafka cluster, running in seconds." />
      {error && <ErrorNotice error={error} />}
      {environment.data && versions.data ? (
        <InstanceCreate environment={environment.data} versions={versions.data.list} />
      ) : (
        !error && <Reading />
      )}
    </>
  )
}

function Reading() {
  return (
    <Stack>
      <Text c="dimmed" role="status">
        Reading what this environment offers…
      </Text>
      <Skeleton height={180} radius="lg" />
      <Skeleton height={260} radius="lg" />
    </Stack>
  )
}
