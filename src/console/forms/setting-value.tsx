import { Autocomplete, PasswordInput, TextInput } from '@mantine/core'
import type { KnownSetting } from '../api-types.ts'
import classes from './setting-row.module.css'

type SettingValueProps = {
  id: string
  value: string
  onChange: (value: string) => void
  known: KnownSetting | undefined
  error: string | undefined
  description: string
  isSecret: boolean
  isFocused: boolean
}

/** The field for a value. Choices are offered, never forced: a value may also name a provider, as in `${file:…}`. */
export function SettingValue({ value, onChange, known, isSecret, isFocused, ...rest }: SettingValueProps) {
  const field = {
    ...rest,
    value,
    className: classes.value!,
    spellCheck: false,
    autoComplete: 'off',
    inputWrapperOrder: ['input', 'error', 'description'] as ('input' | 'error' | 'description')[],
    autoFocus: isFocused,
    ...(isFocused && { 'data-autofocus': true }),
  }
  const typed = (event: React.ChangeEvent<HTMLInputElement>) => onChange(event.currentTarget.value)
  if (isSecret) return <PasswordInput {...field} onChange={typed} />
  const choices = choicesOf(known)
  if (choices.length === 0) return <TextInput {...field} onChange={typed} />
  return <Autocomplete {...field} data={choices} filter={({ options }) => options} onChange={onChange} />
}

function choicesOf(known: KnownSetting | undefined): string[] {
  if (known?.type === 'boolean') return ['true', 'false']
  const oneOf = known?.type === 'list' ? undefined : /^one of (.+)$/.exec(known?.range ?? '')?.[1]
  return oneOf?.split(', ') ?? []
}
