import { FileButton, Group, Text, Textarea, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './security-panel.module.css'

type PemFieldProps = {
  label: string
  description: string
  value: string
  onChange: (text: string) => void
  error: ReactNode
}

/** A PEM text: pasted, or from a file. It goes to Millrace alone, and stays on no disk of this machine. */
export function PemField({ label, description, value, onChange, error }: PemFieldProps) {
  return (
    <div>
      <Textarea
        label={label}
        description={description}
        placeholder="-----BEGIN …"
        autoComplete="off"
        spellCheck={false}
        minRows={3}
        maxRows={8}
        autosize
        classNames={{ input: 'mono' }}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      <Group gap="xs" mt={4}>
        <FileButton
          accept=".pem,.crt,.cer,.key,application/x-pem-file"
          inputProps={{ 'aria-label': `File for ${label}` }}
          onChange={(file) => void file?.text().then(onChange)}
        >
          {(props) => (
            <UnstyledButton {...props} className={classes.file} aria-label={`Take it from a file: ${label}`}>
              Take it from a file
            </UnstyledButton>
          )}
        </FileButton>
        {value !== '' && (
          <Text size="xs" c="dimmed">
            {value.split('-----BEGIN ').length - 1} in it
          </Text>
        )}
      </Group>
    </div>
  )
}
