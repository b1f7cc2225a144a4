import { z } from '@hono/zod-openapi'
import { roles } from '../../domain/permission.ts'
import type { Member } from '../../services/context.ts'

export const MemberShape = z
  .object({ memberId: z.string(), name: z.string(), role: z.enum(roles), mustChangePassword: z.boolean() })
  .openapi('Member')

export const SignedInShape = z.object({ member: MemberShape })

export const signedInView = ({ id, name, role, mustChangePassword }: Member): z.input<typeof SignedInShape> => ({
  member: { memberId: id, name, role, mustChangePassword },
})
