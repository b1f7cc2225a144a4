import { Input, PasswordInput, SegmentedControl, Stack } from '@mantine/core'
import { useId } from 'react'
import { passwordLimits } from '../../domain/kafka-user.ts'

type UserPasswordFieldProps = {
  /** Null: Millrace makes one. */
  password: string | null
  onChange: (password: string | null) => void
  error: React.ReactNode
}

/** A password made by Millrace, unless the person has one of their own to give. */
export function UserPasswordField({ password, onChange, error }: UserPasswordFieldProps) {
  const id = useId()
  return (
    <Stack gap="xs">
      <div>
        <Input.Label component="div" id={id}>
          Password
        </Input.Label>
        <SegmentedControl
          aria-labelledby={id}
          fullWidth
          data={[
            { value: 'made', label: 'Make a strong one' },
            { value: 'given', label: 'Give my own' },
          ]}
          value={password === null ? 'made' : 'given'}
          onChange={(next) => onChange(next === 'made' ? null : '')}
        />
      </div>
      {password !== null && (
        <PasswordInput
          label="Own password"
          description={`${passwordLimits.least} to ${passwordLimits.most} visible characters.`}
          autoComplete="new-password"
          value={password}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={error}
        />
      )}
    </Stack>
  )
}
