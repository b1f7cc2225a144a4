import { NumberInput, Slider, Text } from '@mantine/core'
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { akuLimits, nodeCountLimits, nodesForAku, throughputOf } from '../../domain/aku.ts'
import { isUsageBased, sizeField, sizeOf, sizeProblems } from '../../domain/capacity.ts'
import type { Instance } from '../api-types.ts'
import { capacityWords, reservedWords } from '../capacity-words.ts'
import { formatCount, plural } from '../format.ts'
import { queries } from '../queries.ts'
import { ChangeDialog } from './change-dialog.tsx'

/** In what an Instance counts, as the form says it. */
const units = {
  reservedAku: { label: 'AKU', limits: akuLimits, advice: ' 1 AKU carries 30 MiB/s written or 60 MiB/s read.' },
  reservedNodeCount: { label: 'Nodes', limits: nodeCountLimits, advice: '' },
}

/** Bigger or smaller: nodes are added and data spread over them, or emptied and removed, while clients go on. */
export function InstanceResize({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const present = sizeOf(instance.spec)
  const size = sizeField(instance.spec)
  const { label, limits, advice } = units[size]
  const field = `spec.${size}`
  const [amount, setAmount] = useState<number | string>(present)
  const isNumber = typeof amount === 'number'
  const problem = isNumber ? sizeProblems(instance.spec, { [size]: amount })[0]?.message : 'This is a whole number.'
  const isChanged = amount !== present && !problem
  return (
    <ChangeDialog
      instance={instance}
      title={`Reconfigure ${instance.name}`}
      verb="Reconfigure"
      request={isChanged ? { verb: 'change', body: { spec: { [size]: Number(amount) } } } : null}
      hint={problem ?? `It has ${reservedWords(instance)} already: choose another number.`}
      fields={[field]}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <NumberInput
            label={label}
            description={`It has ${capacityWords(instance)}.${advice}`}
            allowDecimal={false}
            allowNegative={false}
            min={limits.least}
            max={limits.most}
            clampBehavior="none"
            value={amount}
            onChange={setAmount}
            error={problem ?? errors[field]}
            data-autofocus
          />
          <Slider
            min={limits.least}
            max={Math.min(limits.most, Math.max(40, present * 2))}
            value={isNumber ? amount : present}
            onChange={setAmount}
            label={null}
            thumbLabel={label}
          />
          {isNumber && !problem && !isUsageBased(instance.spec) && <Outcome aku={amount} />}
        </>
      )}
    </ChangeDialog>
  )
}

function Outcome({ aku }: { aku: number }) {
  const environment = useQuery(queries.environment())
  const akuPerNode = environment.data?.machineTypes[0]?.akuPerNode ?? 2
  const { writeMibPerSecond, readMibPerSecond } = throughputOf(aku)
  return (
    <Text size="sm" c="dimmed" role="status">
      {plural(nodesForAku(aku, akuPerNode), 'node')}, carrying {formatCount(writeMibPerSecond)} MiB/s written or{' '}
      {formatCount(readMibPerSecond)} MiB/s read
    </Text>
  )
}
