import { keywordOf, pageOf, typedOf, type Raw } from './search-parts.ts'

/** What the addresses of the pages of access hold. */
type PageSearch = { page?: number }

export const readPageSearch = (raw: Raw): PageSearch => pageOf(raw)

/** What of the audit is shown. Days are those of the reader's own zone, both included. */
export type AuditSearch = {
  /** Part of the name of who did it. */
  keyword?: string
  action?: string
  /** Part of what it was done to. */
  subject?: string
  instanceId?: string
  from?: string
  to?: string
  page?: number
}

export const readAuditSearch = (raw: Raw): AuditSearch => ({
  ...keywordOf(raw),
  ...matching('action', raw, /^[a-z][a-z.-]{0,63}$/),
  ...typedOf('subject', raw),
  ...matching('instanceId', raw, /^[\w-]{1,64}$/),
  ...dayOf('from', raw),
  ...dayOf('to', raw),
  ...pageOf(raw),
})

/** The same, as the API asks for it. */
export function auditFilterOf({ keyword, action, subject, instanceId, from, to }: AuditSearch) {
  return {
    ...(keyword && { actor: keyword }),
    ...(action && { action }),
    ...(subject && { subject }),
    ...(instanceId && { instanceId }),
    ...(from && { from: startOfDay(from, 0) }),
    ...(to && { to: startOfDay(to, 1) }),
  }
}

export function auditExportHref(search: AuditSearch, ending: 'csv' | 'jsonl'): string {
  const query = new URLSearchParams(auditFilterOf(search)).toString()
  return `/api/v1/audit-events.${ending}${query === '' ? '' : `?${query}`}`
}

function startOfDay(day: string, later: number): string {
  const at = new Date(`${day}T00:00:00`)
  at.setDate(at.getDate() + later)
  return at.toISOString()
}

function matching<K extends string>(name: K, raw: Raw, shape: RegExp): { [key in K]?: string } {
  const value = raw[name]
  return typeof value === 'string' && shape.test(value) ? ({ [name]: value } as { [key in K]?: string }) : {}
}

function dayOf<K extends string>(name: K, raw: Raw): { [key in K]?: string } {
  const day = matching(name, raw, /^\d{4}-\d{2}-\d{2}$/)
  return Number.isNaN(Date.parse(String(day[name]))) ? {} : day
}
