import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { instanceCan } from '../../domain/instance.ts'
import { isAuthorized } from '../../domain/security.ts'
import type { Instance } from '../api-types.ts'
import { holdingQueries } from '../queries-holdings.ts'
import { Notice } from '../ui/Notice.tsx'
import { TabLink } from './TabLink.tsx'

const one = { page: 1, size: 1 }

const again = 15_000
type Counted = { state: { data?: { total: number } | undefined } }

/** Others make users and rules too, and nobody tells: while there are none, it is asked again now and then. */
const whileNone = { refetchInterval: ({ state }: Counted) => (state.data?.total === 0 ? again : false) } as const

/** An Instance that asks who comes lets nobody do anything at first: what is still to be done, until it is. */
export function FirstSteps({ instance }: { instance: Instance }) {
  const { security } = instance.features
  if (!isAuthorized(security) || !instanceCan('use', instance.state).allowed) return null
  const hasUsers = security?.authenticationMethods?.includes('sasl') ?? false
  return <Steps instanceId={instance.instanceId} hasUsers={hasUsers} />
}

function Steps({ instanceId, hasUsers }: { instanceId: string; hasUsers: boolean }) {
  const users = useQuery({ ...holdingQueries.users(instanceId, one), ...whileNone, enabled: hasUsers })
  const rules = useQuery({ ...holdingQueries.acls(instanceId, one), ...whileNone })
  const lacksUsers = hasUsers && users.data?.total === 0
  const lacksRules = rules.data?.total === 0
  if (!lacksUsers && !lacksRules) return null
  return (
    <Notice tone="busy" title={lacksUsers ? 'Nobody can sign in yet' : 'No access rule yet'}>
      <Text size="sm">
        {lacksUsers && (
          <>
            Clients sign in as users, and there is none: make them under{' '}
            <TabLink instanceId={instanceId} tab="users">
              Users
            </TabLink>
            .{' '}
          </>
        )}
        {lacksRules && (
          <>
            A user may do only what a rule allows, and there is none: say who may do what under{' '}
            <TabLink instanceId={instanceId} tab="acls">
              Access rules
            </TabLink>
            .
          </>
        )}
      </Text>
    </Notice>
  )
}
