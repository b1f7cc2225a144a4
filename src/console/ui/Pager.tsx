import { Group, Pagination, Text } from '@mantine/core'
import { formatCount } from '../format.ts'

type PagerProps = { page: number; size: number; total: number; totalPages: number; onPage: (page: number) => void }

export function Pager({ page, size, total, totalPages, onPage }: PagerProps) {
  const first = total === 0 ? 0 : (page - 1) * size + 1
  return (
    <Group justify="space-between" px="md" py="sm" gap="xs">
      <Text size="sm" c="dimmed" className="num" role="status">
        {formatCount(first)} to {formatCount(Math.min(page * size, total))} of {formatCount(total)}
      </Text>
      {totalPages > 1 && (
        <Pagination
          size="sm"
          value={page}
          total={totalPages}
          onChange={onPage}
          siblings={1}
          getControlProps={(control) => ({ 'aria-label': `${control[0]!.toUpperCase()}${control.slice(1)} page` })}
          getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
        />
      )}
    </Group>
  )
}
