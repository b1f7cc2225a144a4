import { Radio, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { exchangeGoals, type ExchangeGoal } from '../../domain/authority-standing.ts'
import type { Instance } from '../api-types.ts'
import { queries } from '../queries.ts'
import { ChangeDialog } from './change-dialog.tsx'

const goalWords: Record<ExchangeGoal, { label: string; description: string }> = {
  published: {
    label: 'Publish the next authority',
    description:
      'Nodes trust both, ca.pem holds both, and certificates stay as they are. Give clients the new file in the meantime.',
  },
  exchanged: {
    label: 'Let the next authority take over',
    description: 'Nodes show its certificates, and in the end nobody trusts the former one any more.',
  },
}

/** Exchanges the authority behind Millrace's own certificates: in two goes, so that clients have their time, or in one. */
export function AuthorityExchange({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const { data } = useQuery(queries.certificates(instance.instanceId))
  const isBegun = data?.list.some(({ kind }) => kind === 'next-authority' || kind === 'former-authority')
  const [chosen, setChosen] = useState<ExchangeGoal>()
  const until = chosen ?? (isBegun ? 'exchanged' : 'published')
  const request = useMemo(() => ({ verb: 'exchange-authority' as const, body: { until } }), [until])
  return (
    <ChangeDialog
      instance={instance}
      title={`Certificate authority of ${instance.name}`}
      verb={goalWords[until].label}
      request={request}
      hint=""
      fields={[]}
      onClose={onClose}
    >
      {() => (
        <Radio.Group label="How far" value={until} onChange={(goal) => setChosen(goal as ExchangeGoal)}>
          <Stack gap="sm" mt={6}>
            {exchangeGoals.map((goal) => (
              <Radio key={goal} value={goal} {...goalWords[goal]} />
            ))}
          </Stack>
        </Radio.Group>
      )}
    </ChangeDialog>
  )
}
