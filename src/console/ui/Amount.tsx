import type { ReactNode } from 'react'

/** A measure; a dash where it was not told, never a nought. */
export function Amount<T>({ of, as }: { of: T | null | undefined; as: (value: T) => ReactNode }) {
  return of === null || of === undefined ? <span title="Not known now">–</span> : <span className="num">{as(of)}</span>
}
