import { exporterPath, exporterProblems, type MetricLabel } from '../../domain/metrics-exporter.ts'
import type { ExporterAnswer, ExporterBody } from '../api-metrics.ts'
import type { FieldProblem } from '../problem.ts'

/** The form of an exporter: texts for everything. */
export type ExporterDraft = {
  endPoint: string
  authType: string
  username: string
  password: string
  token: string
  labels: MetricLabel[]
}

export const draftOf = (before: ExporterAnswer | null): ExporterDraft => ({
  endPoint: before?.endPoint ?? '',
  authType: before?.authType ?? 'noauth',
  username: before?.username ?? '',
  password: '',
  token: '',
  labels: before?.labels ?? [],
})

/** What is asked for: of the ways to sign in the chosen one alone; a secret that is left empty stays as it is. */
export function bodyOf({ endPoint, authType, username, password, token, labels }: ExporterDraft): ExporterBody {
  const given = labels.filter(({ name, value }) => name !== '' || value !== '')
  return {
    enabled: true,
    endPoint: endPoint.trim(),
    authType,
    ...(authType === 'basic' && { username, ...(password && { password }) }),
    ...(authType === 'bearer' && token && { token }),
    ...(given.length > 0 && { labels: given }),
  }
}

/** By the very rule of the server. It alone knows whether a secret that stands holds for another address too. */
export function draftProblems(draft: ExporterDraft, before: ExporterAnswer | null): FieldProblem[] {
  const kept = { password: before?.authType === 'basic', token: before?.authType === 'bearer' }
  return exporterProblems(bodyOf(draft), kept)
}

/** A problem of a label stands at its name. */
export function exporterFieldErrors(problems: readonly FieldProblem[]): Record<string, string> {
  return Object.fromEntries(
    problems.map(({ path, message }) => {
      const field = path.replace(`${exporterPath}.`, '')
      return [/^labels\.\d+$/.test(field) ? `${field}.name` : field, message]
    }),
  )
}

/** Would what signs in go over a wire in plain text? On the machine itself there is none. */
export function wouldShowSecret({ endPoint, authType }: ExporterDraft): boolean {
  if (authType === 'noauth' || !URL.canParse(endPoint)) return false
  const { protocol, hostname } = new URL(endPoint)
  return protocol === 'http:' && hostname !== 'localhost' && !hostname.startsWith('127.')
}
