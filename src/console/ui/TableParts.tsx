import { Skeleton, Table, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconSelector } from '@tabler/icons-react'
import classes from './TableParts.module.css'

type SortHeadProps<K extends string> = {
  name: K
  label: string
  sort: { by: string; desc: boolean }
  onSort: (by: K, desc: boolean) => void
  visibleFrom?: 'xs' | 'sm' | 'md' | 'lg'
  align?: 'right'
  className?: string
}

/** A column head that sorts: first ascending, then descending. */
export function SortHead<K extends string>({ name, label, sort, onSort, ...th }: SortHeadProps<K>) {
  const isActive = sort.by === name
  const shown = {
    ...(th.visibleFrom && { visibleFrom: th.visibleFrom }),
    ...(th.align && { ta: th.align }),
    ...(th.className && { className: th.className }),
  }
  const Icon = isActive ? (sort.desc ? IconArrowDown : IconArrowUp) : IconSelector
  return (
    <Table.Th {...shown} aria-sort={isActive ? (sort.desc ? 'descending' : 'ascending') : 'none'}>
      <UnstyledButton
        className={classes.sort}
        data-active={isActive || undefined}
        onClick={() => onSort(name, isActive ? !sort.desc : false)}
      >
        {label}
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  )
}

/** Rows the height of those to come, and words for who cannot see them. */
export function SkeletonRows({ columns, rows = 5, words }: { columns: number; rows?: number; words: string }) {
  return Array.from({ length: rows }, (_, row) => (
    <Table.Tr key={row}>
      <Table.Td colSpan={columns} className={classes.skeleton}>
        {row === 0 && (
          <span className={classes.words} role="status">
            {words}
          </span>
        )}
        <Skeleton height={row === 0 ? 0 : 14} width={`${70 - ((row * 17) % 40)}%`} />
      </Table.Td>
    </Table.Tr>
  ))
}
