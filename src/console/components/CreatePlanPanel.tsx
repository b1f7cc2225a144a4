import { List, Skeleton, Stack, Text } from '@mantine/core'
import type { CreatePlan } from '../api-types.ts'
import { formatCount, formatDuration, formatMib, plural } from '../format.ts'
import { toProblem } from '../problem.ts'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { Facts, Panel } from '../ui/Panel.tsx'
import { ZoneMap } from './ZoneMap.tsx'

type CreatePlanPanelProps = {
  /** Null: nothing can be planned while fields are wrong. */
  plan: CreatePlan | undefined | null
  listeners: string[]
  error: unknown
  isOld: boolean
}

/** What will be made, asked of the server for the draft as it stands. */
export function CreatePlanPanel({ plan, listeners, error, isOld }: CreatePlanPanelProps) {
  return (
    <Panel
      title="Plan"
      aside={
        <Text size="xs" c="dimmed" role="status">
          {error || plan === null
            ? 'Cannot be done like this'
            : isOld || !plan
              ? 'Working it out…'
              : 'Nothing is made yet'}
        </Text>
      }
    >
      {plan === null ? (
        <MarkedFields />
      ) : error ? (
        <Refusal error={error} />
      ) : plan ? (
        <PlanFacts plan={plan} listeners={listeners} />
      ) : (
        <Skeleton height={220} />
      )}
    </Panel>
  )
}

/** A refusal of single fields is shown at the fields; here stands only that there is one. */
function Refusal({ error }: { error: unknown }) {
  if (toProblem(error).fields.length === 0) return <ErrorNotice error={error} />
  return <MarkedFields />
}

const MarkedFields = () => <Text size="sm">The plan appears when the marked fields are right.</Text>

const carried = ({ writeMibPerSecond, readMibPerSecond }: CreatePlan['throughput']): string =>
  `${formatCount(writeMibPerSecond)} MiB/s written, or ${formatCount(readMibPerSecond)} MiB/s read`

function PlanFacts({ plan, listeners }: { plan: CreatePlan; listeners: string[] }) {
  const zones = [...new Set(plan.nodes.map(({ zone }) => zone))]
  return (
    <Stack gap="md">
      <ZoneMap zones={zones} nodes={plan.nodes.map((node) => ({ ...node, tone: 'busy', words: node.address }))} />
      <Facts
        facts={[
          ['Nodes', `${plural(plan.nodeCount, 'node')} of ${plan.machineType}`],
          ['Carries', carried(plan.throughput)],
          ['Memory', formatMib(plan.memoryMiB)],
          ['Clients', listeners.length === 0 ? 'nobody could come in' : listeners.join('; ')],
          ['Version', plan.version],
          [
            'Takes',
            plan.expectedSeconds === null
              ? 'not known yet: this is the first'
              : `about ${formatDuration(plan.expectedSeconds * 1000)}`,
          ],
        ]}
      />
      {plan.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
      <div>
        <Text size="sm" fw={600} mb={4}>
          Steps
        </Text>
        <List type="ordered" size="sm" spacing={2}>
          {plan.steps.map((step) => (
            <List.Item key={step.name}>{step.title}</List.Item>
          ))}
        </List>
      </div>
    </Stack>
  )
}
