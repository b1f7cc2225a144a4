import { Radio, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { roles, type Role } from '../../domain/permission.ts'
import { roleChoices } from '../components/role-words.ts'

type RoleFieldProps = {
  value: Role
  onChange: (role: Role) => void
  error?: ReactNode
  /** Why a role cannot be chosen. */
  whyNot?: (role: Role) => string | undefined
}

/** A role, with what each may do. */
export function RoleField({ value, onChange, error, whyNot }: RoleFieldProps) {
  return (
    <Radio.Group
      label="Role"
      value={value}
      error={error}
      onChange={(chosen) => onChange(roles.find((role) => role === chosen) ?? value)}
    >
      <Stack gap="xs" mt={6}>
        {roleChoices.map(({ value: role, label, meaning }) => {
          const why = role === value ? undefined : whyNot?.(role)
          return <Radio key={role} value={role} label={label} description={why ?? meaning} disabled={!!why} />
        })}
      </Stack>
    </Radio.Group>
  )
}
