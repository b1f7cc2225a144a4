import type { Role } from '../../domain/permission.ts'
import type { ServiceAccountTerms } from '../api-access.ts'
import type { ServiceAccount } from '../api-types.ts'

/** What a person has chosen of a service account, and what follows from it. Pure. */
export type AccountDraft = {
  role: Role
  /** Null: all, those to come too. */
  instanceIds: string[] | null
  /** A day, `never`, or so many days from now. */
  ends: 'never' | 'on' | '30' | '90' | '365'
  endDay: string
}

export const accountFields = ['name', 'role', 'instanceIds', 'expiresAt'] as const

export const endChoices: { value: AccountDraft['ends']; label: string }[] = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'on', label: 'On a day' },
  { value: 'never', label: 'Never' },
]

export const emptyAccount: AccountDraft = { role: 'operator', instanceIds: null, ends: '90', endDay: '' }

export const draftOfAccount = ({ role, instanceIds, expiresAt }: ServiceAccount): AccountDraft => ({
  role,
  instanceIds,
  ends: expiresAt === null ? 'never' : 'on',
  endDay: expiresAt === null ? '' : dayOf(new Date(expiresAt)),
})

/** By the server's names of the fields. */
export function accountProblems({ role, instanceIds, ends, endDay }: AccountDraft): Record<string, string> {
  return {
    ...(instanceIds?.length === 0 && { instanceIds: 'Choose at least one Instance, or all.' }),
    ...(role === 'administrator' &&
      instanceIds !== null && { instanceIds: 'An administrator reaches all Instances. Choose another role, or all.' }),
    ...(ends === 'on' && Number.isNaN(Date.parse(endDay)) && { expiresAt: 'Choose the day.' }),
  }
}

/** A day ends with its last moment, in the reader's own zone. An end that was not touched stays to the second. */
export function termsOf(draft: AccountDraft, now: number, before?: ServiceAccount): ServiceAccountTerms {
  const { role, instanceIds } = draft
  return { role, instanceIds, expiresAt: endOf(draft, now, before) }
}

function endOf({ ends, endDay }: AccountDraft, now: number, before: ServiceAccount | undefined): string | null {
  if (ends === 'never') return null
  if (ends !== 'on') return new Date(now + Number(ends) * 24 * 3600_000).toISOString()
  if (before?.expiresAt && dayOf(new Date(before.expiresAt)) === endDay) return before.expiresAt
  const end = new Date(`${endDay}T00:00:00`)
  end.setDate(end.getDate() + 1)
  return end.toISOString()
}

const two = (count: number) => String(count).padStart(2, '0')
const dayOf = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
