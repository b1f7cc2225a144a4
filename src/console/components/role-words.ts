import { roles, type Role } from '../../domain/permission.ts'

/** What a role may do, for those who give it. */
export const roleWords: Record<Role, { label: string; meaning: string }> = {
  administrator: {
    label: 'Administrator',
    meaning: 'Everything, and who may come in: members, service accounts and the audit.',
  },
  operator: { label: 'Operator', meaning: 'Creates, changes and deletes Instances and what they hold.' },
  viewer: { label: 'Viewer', meaning: 'Looks at everything but secrets, and changes nothing.' },
}

export const roleChoices = roles.map((role) => ({ value: role, ...roleWords[role] }))
