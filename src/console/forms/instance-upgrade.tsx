import { NumberInput, Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Instance, UpgradeTarget } from '../api-types.ts'
import { queries } from '../queries.ts'
import { ErrorNotice } from '../ui/Notice.tsx'
import { ChangeDialog } from './change-dialog.tsx'

/** To another version: every one there is, with why it may or may not be chosen; the recommended one when it may. */
export function InstanceUpgrade({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const targets = useQuery(queries.upgradeTargets(instance.instanceId))
  const [picked, setPicked] = useState<string>()
  const [finalize, setFinalize] = useState<'automatic' | 'manual'>('automatic')
  const [soakSeconds, setSoak] = useState<number | string>(60)
  const version = picked ?? firstChoice(targets.data?.list)
  const request = useMemo(
    () =>
      version === undefined
        ? null
        : {
            verb: 'change' as const,
            body: { version, operation: { finalize, soakSeconds: Number(soakSeconds) || 0 } },
          },
    [version, finalize, soakSeconds],
  )
  return (
    <ChangeDialog
      instance={instance}
      title={`Upgrade ${instance.name}`}
      verb={version ? `Upgrade to ${version}` : 'Upgrade'}
      request={request}
      hint={targets.data ? 'There is no version to go to from here.' : 'The versions are being read.'}
      fields={['version']}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Text size="sm">
            It runs <strong>{instance.version}</strong>
            {targets.data && version === undefined
              ? ', and there is nothing newer to go to from here.'
              : '. Nodes are restarted one after the other; then the new version is watched, and at last made final.'}
          </Text>
          {targets.error && <ErrorNotice error={targets.error} />}
          <Radio.Group label="Version" value={version ?? null} onChange={setPicked} error={errors['version']}>
            <Stack gap={8} mt={6}>
              {targets.data?.list.toReversed().map((target) => (
                <Radio
                  key={target.version}
                  value={target.version}
                  label={labelOf(target)}
                  description={target.why}
                  disabled={!target.allowed}
                />
              ))}
            </Stack>
          </Radio.Group>
          {version !== undefined && (
            <>
              <Radio.Group
                label="Making it final"
                description="Until then you can roll back; after that Kafka cannot."
                value={finalize}
                onChange={(value) => setFinalize(value === 'manual' ? 'manual' : 'automatic')}
              >
                <Stack gap={6} mt={6}>
                  <Radio value="automatic" label="By itself, after it was watched" />
                  <Radio value="manual" label="By hand, when I say so" />
                </Stack>
              </Radio.Group>
              <NumberInput
                label="Watch for"
                suffix=" s"
                min={0}
                max={604800}
                allowDecimal={false}
                value={soakSeconds}
                onChange={setSoak}
              />
            </>
          )}
        </>
      )}
    </ChangeDialog>
  )
}

const firstChoice = (targets: UpgradeTarget[] = []): string | undefined => {
  const open = targets.filter(({ allowed }) => allowed)
  return (open.find(({ recommended }) => recommended) ?? open.at(-1))?.version
}

function labelOf({ version, recommended, endOfLife }: UpgradeTarget): string {
  if (recommended) return `${version} (recommended)`
  return endOfLife ? `${version} (end of life)` : version
}
