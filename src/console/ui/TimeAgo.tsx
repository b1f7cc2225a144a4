import { useNow } from '../clock.ts'
import { formatAgo, formatDuration, formatMoment } from '../format.ts'

/** "5 min ago", with the moment itself on hover and for machines. */
export function TimeAgo({ at }: { at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatAgo(at, now)}
    </time>
  )
}

/** How long something takes or took; it runs while there is no end. */
export function Elapsed({ from, to }: { from: string; to?: string | null | undefined }) {
  const now = useNow()
  const end = to ? Date.parse(to) : now
  return (
    <time className="num" dateTime={from} title={`Began ${formatMoment(from)}`}>
      {formatDuration(to ? end - Date.parse(from) : Math.floor((end - Date.parse(from)) / 1000) * 1000)}
    </time>
  )
}
