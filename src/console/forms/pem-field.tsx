import { FileButton, Group, Text, Textarea, UnstyledButton } from '@mantine/core'
import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import classes from './pem-field.module.css'
import { longestPemBytes, pemWords } from './pem-words.ts'

type PemFieldProps = {
  label: string
  description: string
  isRequired?: boolean
  value: string
  onChange: (text: string) => void
  error: ReactNode
}

/** A PEM text: pasted, dropped, or from a file. It goes to Millrace alone, and stays on no disk of this machine. */
export function PemField({ label, description, isRequired = false, value, onChange, error }: PemFieldProps) {
  const [isOver, setOver] = useState(false)
  const [tooLarge, setTooLarge] = useState<string>()
  // Else the browser tells nothing when the same file is chosen again.
  const forget = useRef<() => void>(null)
  const write = (text: string) => {
    setTooLarge(undefined)
    onChange(text)
  }
  const take = async (file: File | null | undefined) => {
    if (!file) return
    forget.current?.()
    if (file.size > longestPemBytes) setTooLarge(`${file.name} is too large for a PEM file, and was not read.`)
    else write(await file.text())
  }
  const drag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(event.type === 'dragover')
  }
  const drop = (event: DragEvent) => {
    drag(event)
    void take(event.dataTransfer.files[0])
  }
  return (
    <div className={classes.field} data-over={isOver || undefined} onDragOver={drag} onDragLeave={drag} onDrop={drop}>
      <Textarea
        label={label}
        description={description}
        withAsterisk={isRequired}
        placeholder="Paste it, or drop its file here: -----BEGIN …"
        autoComplete="off"
        spellCheck={false}
        minRows={3}
        maxRows={8}
        autosize
        classNames={{ input: 'mono' }}
        value={value}
        onChange={(event) => write(event.currentTarget.value)}
        error={tooLarge ?? error}
      />
      <Group gap="xs" mt={4}>
        <FileButton
          resetRef={forget}
          accept=".pem,.crt,.cer,.key,application/x-pem-file"
          inputProps={{ 'aria-label': `File for ${label}` }}
          onChange={(file) => void take(file)}
        >
          {(props) => (
            <UnstyledButton {...props} className={classes.file} aria-label={`Take it from a file: ${label}`}>
              Take it from a file
            </UnstyledButton>
          )}
        </FileButton>
        {value !== '' && (
          <Text size="xs" c="dimmed">
            {pemWords(value)}
          </Text>
        )}
      </Group>
    </div>
  )
}
