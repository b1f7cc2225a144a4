import { NumberInput, Slider, Text } from '@mantine/core'
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { akuLimits, nodesForAku, throughputOf } from '../../domain/aku.ts'
import { akuProblem } from '../../domain/instance-rules.ts'
import type { Instance } from '../api-types.ts'
import { formatCount, plural } from '../format.ts'
import { queries } from '../queries.ts'
import { ChangeDialog } from './change-dialog.tsx'

const field = 'spec.reservedAku'

/** More or fewer AKU: nodes are added and data spread over them, or emptied and removed, while clients go on. */
export function InstanceResize({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const present = instance.spec.reservedAku
  const [aku, setAku] = useState<number | string>(present)
  const environment = useQuery(queries.environment())
  const akuPerNode = environment.data?.machineTypes[0]?.akuPerNode ?? 2
  const problem = typeof aku === 'number' ? akuProblem(aku) : 'AKU is a whole number.'
  const isChanged = aku !== present && !problem
  return (
    <ChangeDialog
      instance={instance}
      title={`Reconfigure ${instance.name}`}
      verb="Reconfigure"
      request={isChanged ? { verb: 'change', body: { spec: { reservedAku: Number(aku) } } } : null}
      hint={problem ?? `It has ${present} AKU already: choose another number.`}
      fields={[field]}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <NumberInput
            label="AKU"
            description={`It has ${present} AKU on ${plural(instance.nodeCount, 'node')}. 1 AKU carries 30 MiB/s written or 60 MiB/s read.`}
            allowDecimal={false}
            allowNegative={false}
            min={akuLimits.least}
            max={akuLimits.most}
            clampBehavior="none"
            value={aku}
            onChange={setAku}
            error={problem ?? errors[field]}
            data-autofocus
          />
          <Slider
            min={akuLimits.least}
            max={Math.max(40, present * 2)}
            value={typeof aku === 'number' ? aku : present}
            onChange={setAku}
            label={null}
            thumbLabel="AKU"
          />
          {typeof aku === 'number' && !problem && <Outcome aku={aku} akuPerNode={akuPerNode} />}
        </>
      )}
    </ChangeDialog>
  )
}

function Outcome({ aku, akuPerNode }: { aku: number; akuPerNode: number }) {
  const { writeMibPerSecond, readMibPerSecond } = throughputOf(aku)
  return (
    <Text size="sm" c="dimmed" role="status">
      {plural(nodesForAku(aku, akuPerNode), 'node')}, carrying {formatCount(writeMibPerSecond)} MiB/s written or{' '}
      {formatCount(readMibPerSecond)} MiB/s read
    </Text>
  )
}
