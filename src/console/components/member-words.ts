import type { MemberAccount } from '../api-types.ts'
import { formatMoment } from '../format.ts'
import type { Words } from '../words.ts'

type MemberStanding = 'active' | 'invited' | 'late' | 'disabled'

export function memberStanding({ isDisabled, invitedUntil }: MemberAccount, now: number): MemberStanding {
  if (isDisabled) return 'disabled'
  if (invitedUntil === null) return 'active'
  return Date.parse(invitedUntil) > now ? 'invited' : 'late'
}

export const memberWords: Record<MemberStanding, Words> = {
  active: { label: 'Active', tone: 'good', meaning: 'Signs in with a password of their own.' },
  invited: { label: 'Invited', tone: 'busy', meaning: 'Has a one-time password, and has not used it yet.' },
  late: { label: 'Invitation over', tone: 'warn', meaning: 'The one-time password was not used in time. Reset it.' },
  disabled: { label: 'Disabled', tone: 'calm', meaning: 'Cannot sign in.' },
}

export const invitedStory = ({ invitedUntil }: MemberAccount): string | undefined =>
  invitedUntil === null ? undefined : formatMoment(invitedUntil)

export type MemberDeed = 'demote' | 'disable' | 'delete' | 'reset'

type Others = { self: string | undefined; members: MemberAccount[]; isWhole: boolean }

/**
 * Why a member may not be changed so; undefined: it may. The server holds the same rule of the last administrator; where not
 * all members are in sight, it alone decides.
 */
export function whyNotMember(deed: MemberDeed, member: MemberAccount, others: Others): string | undefined {
  const { self, members, isWhole } = others
  if (member.memberId === self && deed === 'reset') return 'This is you: change your password in the menu at the top.'
  if (deed === 'reset') return undefined
  const administrators = members.filter(({ role, isDisabled }) => role === 'administrator' && !isDisabled)
  const isLast = isWhole && administrators.length === 1 && administrators[0]!.memberId === member.memberId
  if (isLast) return `${member.name} is the only administrator left. Make another one first.`
  if (member.memberId === self) return 'This is you: another administrator can do this.'
  return undefined
}
