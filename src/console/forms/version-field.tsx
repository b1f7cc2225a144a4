import { NativeSelect, type NativeSelectProps } from '@mantine/core'
import type { Version } from '../api-types.ts'
import { Notice } from '../ui/Notice.tsx'
import { Panel } from '../ui/Panel.tsx'

type VersionFieldProps = { versions: Version[]; input: Partial<NativeSelectProps>; error?: React.ReactNode }

export function VersionField({ versions, input, error }: VersionFieldProps) {
  const chosen = versions.find(({ version }) => version === input.value)
  return (
    <Panel title="Version">
      <NativeSelect
        label="Apache Kafka version"
        description="The recommended one is chosen unless you have a reason."
        data={versions.map((version) => ({ value: version.version, label: labelOf(version) }))}
        {...input}
        error={error}
        mb={chosen?.endOfLife ? 'md' : 0}
      />
      {chosen?.endOfLife && (
        <Notice tone="warn">
          The line of {chosen.version} gets no more fixes. Choose it only for a client that needs it.
        </Notice>
      )}
    </Panel>
  )
}

function labelOf({ version, recommended, endOfLife }: Version): string {
  if (recommended) return `${version} (recommended)`
  return endOfLife ? `${version} (end of life)` : version
}
