import { NumberInput, Slider } from '@mantine/core'
import { akuLimits, nodesForAku, throughputOf } from '../../domain/aku.ts'
import type { Environment } from '../api-types.ts'
import { formatCount, formatMib } from '../format.ts'
import { Panel } from '../ui/Panel.tsx'
import classes from './capacity-field.module.css'

type AkuInput = { value?: number | ''; onChange: (value: number | string) => void; onBlur?: () => void }
type CapacityFieldProps = { environment: Environment; input: AkuInput; error?: React.ReactNode }

/** AKU by number or by slider, and at once what they come to. */
export function CapacityField({ environment, input, error }: CapacityFieldProps) {
  const machine = environment.machineTypes[0]
  const akuPerNode = machine?.akuPerNode ?? 1
  const most = mostReachable(environment, akuPerNode)
  const aku = typeof input.value === 'number' ? input.value : akuLimits.least
  return (
    <Panel title="Capacity">
      <div className={classes.inputs}>
        <NumberInput
          label="AKU"
          description="1 AKU carries 30 MiB/s written or 60 MiB/s read."
          withAsterisk
          allowDecimal={false}
          allowNegative={false}
          min={akuLimits.least}
          max={akuLimits.most}
          clampBehavior="none"
          {...input}
          error={error}
        />
        <Slider
          className={classes.slider}
          min={akuLimits.least}
          max={most}
          value={Math.min(Math.max(aku, akuLimits.least), most)}
          onChange={input.onChange}
          label={null}
          thumbLabel="AKU"
          marks={[
            { value: akuLimits.least, label: String(akuLimits.least) },
            { value: most, label: String(most) },
          ]}
        />
      </div>
      <Result aku={aku} akuPerNode={akuPerNode} memoryMiB={machine?.memoryMiB} />
    </Panel>
  )
}

/** The slider ends where this machine's memory does; the number can still be typed, and is then refused with words. */
function mostReachable({ limits }: Environment, akuPerNode: number): number {
  if (limits.mostNodesNow === null) return akuLimits.most
  return Math.min(akuLimits.most, Math.max(limits.mostNodesNow * akuPerNode, akuLimits.least + akuPerNode))
}

type ResultProps = { aku: number; akuPerNode: number; memoryMiB: number | undefined }

function Result({ aku, akuPerNode, memoryMiB }: ResultProps) {
  const nodes = nodesForAku(aku, akuPerNode)
  const { writeMibPerSecond, readMibPerSecond } = throughputOf(aku)
  const facts: [string, string][] = [
    ['Nodes', formatCount(nodes)],
    ['All written', `${formatCount(writeMibPerSecond)} MiB/s`],
    ['or all read', `${formatCount(readMibPerSecond)} MiB/s`],
    ...(memoryMiB === undefined ? [] : [['Memory', formatMib(nodes * memoryMiB)] as [string, string]]),
  ]
  return (
    <dl className={classes.result} aria-label="What these AKU come to">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
