import { NativeSelect, Radio, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Environment } from '../api-types.ts'
import { formatCount } from '../format.ts'
import { Panel } from '../ui/Panel.tsx'
import { networksFor, roomiest, roomIn, type InstanceDraft } from './instance-draft.ts'
import classes from './placement-fields.module.css'

type Networks = InstanceDraft['networks']
type PlacementFieldsProps = {
  draft: InstanceDraft
  environment: Environment
  akuPerNode: number
  errorAt: (field: string) => ReactNode
  onChange: (networks: Networks) => void
}

const choices = [
  { count: 3, title: 'Three zones', words: 'Goes on when a whole zone is lost.' },
  { count: 1, title: 'One zone', words: 'Shortest ways. Stops with its zone.' },
] as const

/** One zone or three, and a subnet in each with room for its share of the nodes. */
export function PlacementFields(props: PlacementFieldsProps) {
  const { draft, environment, errorAt, onChange } = props
  return (
    <Panel title="Placement">
      <Radio.Group
        label="Availability zones"
        description="This cannot be changed later."
        value={String(draft.networks.length)}
        onChange={(count) => onChange(networksFor(Number(count), environment))}
        error={errorAt('networks')}
      >
        <div className={classes.choices}>
          {choices.map(({ count, title, words }) => (
            <Radio.Card
              key={count}
              value={String(count)}
              className={classes.choice}
              disabled={environment.zones.length < count}
            >
              <Radio.Indicator />
              <span>
                <strong>{title}</strong>
                <Text size="sm" c="dimmed">
                  {environment.zones.length < count ? `Here are only ${environment.zones.length} zones.` : words}
                </Text>
              </span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <div className={classes.networks}>
        {draft.networks.map((network, index) => (
          <NetworkFields key={index} {...props} network={network} index={index} />
        ))}
      </div>
    </Panel>
  )
}

type NetworkFieldsProps = PlacementFieldsProps & { network: Networks[number]; index: number }

function NetworkFields({ network, index, draft, environment, akuPerNode, errorAt, onChange }: NetworkFieldsProps) {
  const zone = environment.zones.find(({ id }) => id === network.zone)
  const subnet = zone?.subnets.find(({ id }) => id === network.subnet)
  const room = subnet && roomIn(subnet, { position: index, draft, akuPerNode })
  const replace = (changed: Partial<Networks[number]>) =>
    onChange(draft.networks.with(index, { ...network, ...changed }))
  const moveTo = (id: string) => {
    const subnets = environment.zones.find((candidate) => candidate.id === id)?.subnets ?? []
    replace({ zone: id, subnet: roomiest(subnets)?.id ?? '' })
  }
  const isChoice = environment.zones.length > draft.networks.length
  return (
    <div className={classes.network} role="group" aria-label={isChoice ? `Place ${index + 1}` : `Zone ${network.zone}`}>
      {isChoice && (
        <NativeSelect
          label="Zone"
          data={environment.zones.map(({ id }) => id)}
          value={network.zone}
          onChange={(event) => moveTo(event.currentTarget.value)}
          error={errorAt(`networks.${index}.zone`)}
        />
      )}
      <div>
        <NativeSelect
          label={isChoice ? 'Subnet' : `Subnet in ${network.zone}`}
          data={(zone?.subnets ?? []).map(({ id }) => id)}
          value={network.subnet}
          onChange={(event) => replace({ subnet: event.currentTarget.value })}
          error={room?.problem ?? errorAt(`networks.${index}.subnet`)}
        />
        {subnet && (
          <Text size="sm" mt={4} className={classes.room} data-warns={room?.warning ? true : undefined}>
            {`${subnet.range}: ${formatCount(subnet.free)} of ${formatCount(subnet.capacity)} addresses free, ${room?.needed} needed. `}
            {room?.warning}
          </Text>
        )}
      </div>
    </div>
  )
}
