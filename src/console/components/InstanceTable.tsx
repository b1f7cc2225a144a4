import { ActionIcon, Menu, Table } from '@mantine/core'
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Instance } from '../api-types.ts'
import { useWhyNotInstance } from '../may.ts'
import { paths } from '../paths.ts'
import type { InstanceSort } from '../search.ts'
import { SkeletonRows, SortHead } from '../ui/TableParts.tsx'
import parts from '../ui/TableParts.module.css'
import { TimeAgo } from '../ui/TimeAgo.tsx'
import { instanceHealthWords } from '../words.ts'
import { Health } from './Health.tsx'
import { InstanceDialogs, type InstanceDialog } from './InstanceActions.tsx'
import { InstanceStatePopover } from './InstanceStatePopover.tsx'
import classes from './InstanceTable.module.css'

type InstanceTableProps = {
  instances: Instance[] | undefined
  sort: { by: InstanceSort; desc: boolean }
  onSort: (by: InstanceSort, desc: boolean) => void
}

/** On narrow screens the columns fall away from the right; name and state stay. */
export function InstanceTable({ instances, sort, onSort }: InstanceTableProps) {
  return (
    <Table className={`${parts.table} ${classes.table}`} verticalSpacing={10} highlightOnHover aria-label="Instances">
      <Table.Thead>
        <Table.Tr>
          <SortHead name="name" label="Name" sort={sort} onSort={onSort} />
          <SortHead name="state" label="State" sort={sort} onSort={onSort} className={classes.stateHead!} />
          <Table.Th visibleFrom="sm">Health</Table.Th>
          <SortHead name="version" label="Version" sort={sort} onSort={onSort} visibleFrom="md" />
          <SortHead name="aku" label="AKU" sort={sort} onSort={onSort} visibleFrom="md" align="right" />
          <Table.Th visibleFrom="md" ta="right">
            Nodes
          </Table.Th>
          <Table.Th visibleFrom="lg">Zones</Table.Th>
          <SortHead name="createdAt" label="Created" sort={sort} onSort={onSort} visibleFrom="lg" />
          <Table.Th w={56}>
            <span className={classes.hidden}>Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {instances ? (
          instances.map((instance) => <InstanceRow key={instance.instanceId} instance={instance} />)
        ) : (
          <SkeletonRows columns={9} words="Reading the Instances…" />
        )}
      </Table.Tbody>
    </Table>
  )
}

function InstanceRow({ instance }: { instance: Instance }) {
  const zones = instance.spec.networks.map(({ zone }) => zone)
  const now = instance.currentOperation
  const reason = instance.stateReason ?? now?.waitingReason ?? now?.stepTitle
  const isGone = instance.state === 'Deleted'
  return (
    <Table.Tr data-gone={isGone || undefined} className={classes.row!}>
      <Table.Td className={classes.nameCell!}>
        <Link to={paths.instance} params={{ instanceId: instance.instanceId }} className={classes.name}>
          {instance.name}
        </Link>
        <span className={`mono ${classes.id}`}>{instance.instanceId}</span>
      </Table.Td>
      <Table.Td className={classes.stateCell!}>
        <InstanceStatePopover instance={instance} />
        {reason && (
          <span className={classes.step} title={reason}>
            {reason}
          </span>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        {isGone ? '–' : <Health words={instanceHealthWords[instance.health]} reason={instance.healthReason} />}
      </Table.Td>
      <Table.Td visibleFrom="md" className="num">
        {instance.version}
      </Table.Td>
      <Table.Td visibleFrom="md" ta="right" className="num">
        {instance.spec.reservedAku ?? '–'}
      </Table.Td>
      <Table.Td visibleFrom="md" ta="right" className="num">
        {instance.nodeCount}
      </Table.Td>
      <Table.Td visibleFrom="lg" title={zones.join(', ')} className={classes.short!}>
        {zones.length === 1 ? zones[0] : `${zones.length} zones`}
      </Table.Td>
      <Table.Td visibleFrom="lg" className={classes.short!}>
        <TimeAgo at={instance.gmtCreate} />
      </Table.Td>
      <Table.Td>{!isGone && <RowMenu instance={instance} />}</Table.Td>
    </Table.Tr>
  )
}

function RowMenu({ instance }: { instance: Instance }) {
  const [dialog, setDialog] = useState<InstanceDialog>()
  const whyNot = useWhyNotInstance(instance)
  const closed = whyNot('delete')
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions of ${instance.name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={16} aria-hidden />}
            disabled={whyNot('rename') !== undefined}
            onClick={() => setDialog('edit')}
          >
            Edit name and remark
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            disabled={closed !== undefined}
            className={classes.danger!}
            onClick={() => setDialog('delete')}
          >
            Delete
          </Menu.Item>
          {closed && <p className={classes.why}>{closed}</p>}
        </Menu.Dropdown>
      </Menu>
      <InstanceDialogs instance={instance} open={dialog} onClose={() => setDialog(undefined)} />
    </>
  )
}
