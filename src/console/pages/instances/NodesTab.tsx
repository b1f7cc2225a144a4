import { Anchor, Stack, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Node } from '../../api-types.ts'
import { Health } from '../../components/Health.tsx'
import { WhatIf } from '../../components/WhatIf.tsx'
import { formatBytes } from '../../format.ts'
import { queries } from '../../queries.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { ErrorNotice } from '../../ui/Notice.tsx'
import { Sheet } from '../../ui/Panel.tsx'
import { SkeletonRows } from '../../ui/TableParts.tsx'
import parts from '../../ui/TableParts.module.css'
import { Elapsed } from '../../ui/TimeAgo.tsx'
import { WideTable } from '../../ui/WideTable.tsx'
import { nodeHealthWords } from '../../words.ts'

type NodesTabProps = { instanceId: string; onReview: () => void }

export function NodesTab({ instanceId, onReview }: NodesTabProps) {
  const nodes = useQuery(queries.nodes(instanceId))
  if (nodes.error) return <ErrorNotice error={nodes.error} onRetry={() => void nodes.refetch()} />
  return (
    <Stack gap="lg">
      <NodeTable nodes={nodes.data?.list} onReview={onReview} />
      {nodes.data && nodes.data.list.length > 0 && <WhatIf instanceId={instanceId} nodes={nodes.data.list} />}
    </Stack>
  )
}

function NodeTable({ nodes, onReview }: { nodes: Node[] | undefined; onReview: () => void }) {
  return (
    <Sheet>
      <WideTable label="Nodes of the Instance" minWidth={860}>
        <Table className={parts.table!} verticalSpacing={10} aria-label="Nodes">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Node</Table.Th>
              <Table.Th>Health</Table.Th>
              <Table.Th>Role</Table.Th>
              <Table.Th>Zone</Table.Th>
              <Table.Th>Address</Table.Th>
              <Table.Th>Version</Table.Th>
              <Table.Th ta="right">Memory</Table.Th>
              <Table.Th ta="right">Disk</Table.Th>
              <Table.Th ta="right">Up for</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {nodes ? (
              nodes.map((node) => <NodeRow key={node.nodeId} node={node} onReview={onReview} />)
            ) : (
              <SkeletonRows columns={9} rows={3} words="Reading the nodes…" />
            )}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Sheet>
  )
}

const known = (bytes: number | null): string => (bytes === null ? '–' : formatBytes(bytes))

/** Against the target, while they differ. */
function versionWords({ version, targetVersion }: Node): string {
  if (version === null) return `${targetVersion} to come`
  return version === targetVersion ? version : `${version} → ${targetVersion}`
}

function NodeRow({ node, onReview }: { node: Node; onReview: () => void }) {
  const address = `${node.address}:${node.port}`
  return (
    <Table.Tr>
      <Table.Td fw={600}>{node.kafkaId}</Table.Td>
      <Table.Td>
        <Health words={nodeHealthWords[node.health]} reason={node.healthReason} />
        {node.drift && <Drifts words={node.drift} onReview={onReview} />}
      </Table.Td>
      <Table.Td>{node.roles.join(', ')}</Table.Td>
      <Table.Td title={node.subnet}>{node.zone}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <span className="mono">{address}</span>{' '}
        <CopyButton text={address} label={`Copy the address of node ${node.kafkaId}`} />
      </Table.Td>
      <Table.Td className="num">{versionWords(node)}</Table.Td>
      <Table.Td ta="right" className="num">
        {known(node.memoryBytes)}
      </Table.Td>
      <Table.Td ta="right" className="num">
        {known(node.diskBytes)}
      </Table.Td>
      <Table.Td ta="right">{node.startedAt ? <Elapsed from={node.startedAt} /> : '–'}</Table.Td>
    </Table.Tr>
  )
}

/** It serves, but not as it should run: the way to what differs. */
function Drifts({ words, onReview }: { words: string; onReview: () => void }) {
  return (
    <Anchor component="button" type="button" size="xs" display="block" mt={2} title={words} onClick={onReview}>
      Review drift
    </Anchor>
  )
}
