import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './WideTable.module.css'

/** `minWidth` in pixels; `className` of the frame. */
type WideTableProps = { label: string; minWidth: number; className?: string | undefined; children: ReactNode }

/** The frame of a table that may need more room than there is: it scrolls, by keyboard too, and a shade says where more is. */
export function WideTable({ label, minWidth, className = '', children }: WideTableProps) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      type="native"
      className={`${classes.frame} ${className}`}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      {children}
    </Table.ScrollContainer>
  )
}
