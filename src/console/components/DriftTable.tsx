import { Checkbox, Table } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useId } from 'react'
import type { DriftItem } from '../api-types.ts'
import parts from '../ui/TableParts.module.css'
import { WideTable } from '../ui/WideTable.tsx'
import { canSettle, outlookOf, sidesOf, subjectOf } from './drift-words.ts'
import classes from './DriftTable.module.css'

type DriftTableProps = {
  items: DriftItem[]
  isTicked: (item: DriftItem) => boolean
  onTick: (items: DriftItem[], isTicked: boolean) => void
}

/** What is not as it should be, line by line, each to be ticked when something can be done with it. */
export function DriftTable({ items, isTicked, onTick }: DriftTableProps) {
  const open = items.filter(canSettle)
  const ticked = open.filter(isTicked)
  const areAll = open.length > 0 && ticked.length === open.length
  return (
    <WideTable label="Drift, line by line" minWidth={0} className={classes.frame}>
      <Table
        className={`${parts.table} ${classes.table}`}
        withRowBorders={false}
        aria-label="What is not as it should be"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Checkbox
                size="xs"
                aria-label="All that can be settled"
                checked={areAll}
                indeterminate={ticked.length > 0 && !areAll}
                disabled={open.length === 0}
                onChange={() => onTick(open, !areAll)}
              />
            </Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>Is → should be</Table.Th>
            <Table.Th>Can be done</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <DriftRow
              key={item.id}
              item={item}
              isTicked={canSettle(item) && isTicked(item)}
              onTick={(next) => onTick([item], next)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  )
}

type DriftRowProps = { item: DriftItem; isTicked: boolean; onTick: (isTicked: boolean) => void }

function DriftRow({ item, isTicked, onTick }: DriftRowProps) {
  const id = useId()
  const { name, isKey, place } = subjectOf(item)
  const { label, reasons } = outlookOf(item)
  const isOpen = canSettle(item)
  return (
    <Table.Tr data-closed={!isOpen || undefined}>
      <Table.Td className={classes.tick!}>
        <Checkbox
          id={id}
          size="xs"
          checked={isTicked}
          disabled={!isOpen}
          onChange={(event) => onTick(event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td className={classes.what!}>
        <label htmlFor={id}>
          <span className={isKey ? `mono ${classes.name}` : classes.name}>{name}</span>
          <span className={classes.place}>{place}</span>
        </label>
      </Table.Td>
      <Table.Td className={classes.sides!}>
        <SidesOfItem item={item} />
      </Table.Td>
      <Table.Td className={classes.outlook!}>
        {label}
        {reasons.map((reason) => (
          <span key={reason} className={classes.reason}>
            {reason}
          </span>
        ))}
      </Table.Td>
    </Table.Tr>
  )
}

function SidesOfItem({ item }: { item: DriftItem }) {
  if (item.isSecret) {
    return (
      <>
        <span aria-hidden>••••••</span> <span className={classes.quiet}>secret, not what it should be</span>
      </>
    )
  }
  const { is, isNone, shouldBe, shouldBeNone } = sidesOf(item)
  return (
    <>
      <Side value={is} none={isNone} isMono={item.key !== null} />
      <IconArrowRight size={14} className={classes.arrow} role="img" aria-label="should be" />
      <Side value={shouldBe} none={shouldBeNone} isMono={item.key !== null} />
    </>
  )
}

function Side({ value, none, isMono }: { value: string | null; none: string; isMono: boolean }) {
  if (value === null) return <span className={classes.quiet}>{none}</span>
  if (value === '') return <span className={classes.quiet}>empty</span>
  return <span className={isMono ? 'mono' : 'num'}>{value}</span>
}
