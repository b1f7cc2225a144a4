import { z } from '@hono/zod-openapi'
import { roles } from '../../domain/permission.ts'
import type { Member } from '../../services/context.ts'
import type { MemberReading } from '../../services/members/read-members.ts'
import { Time } from '../views/shapes.ts'

export const RoleShape = z.enum(roles, `A role is one of ${roles.join(', ')}.`)

const SignedInMember = z
  .object({ memberId: z.string(), name: z.string(), role: RoleShape, mustChangePassword: z.boolean() })
  .openapi('Member')

export const SignedInShape = z.object({ member: SignedInMember })

export const signedInView = ({ id, name, role, mustChangePassword }: Member): z.input<typeof SignedInShape> => ({
  member: { memberId: id, name, role, mustChangePassword },
})

/** As administrators see one. */
export const MemberAccountShape = z
  .object({
    ...SignedInMember.shape,
    isDisabled: z.boolean(),
    sessions: z.number().int().openapi({ description: 'How many are open' }),
    createdAt: Time,
    lastSignedInAt: Time.nullable(),
    invitedUntil: Time.nullable().openapi({ description: 'While a one-time password waits to be used' }),
  })
  .openapi('MemberAccount')

export const memberAccountView = ({ member, sessions }: MemberReading): z.input<typeof MemberAccountShape> => ({
  ...signedInView(member).member,
  isDisabled: member.disabledAt !== null,
  sessions,
  createdAt: member.createdAt.toISOString(),
  lastSignedInAt: member.lastSignedInAt?.toISOString() ?? null,
  invitedUntil: member.passwordUntil?.toISOString() ?? null,
})

/** The answer that gives somebody a password to sign in with once. */
export const InvitedShape = z
  .object({
    member: MemberAccountShape,
    oneTimePassword: z.string().nullable().openapi({ description: 'Shown this once; null in the answer to a repeat' }),
  })
  .openapi('InvitedMember')
