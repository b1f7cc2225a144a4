import { Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import type { AuthenticationMethod, TransitEncryptionMode } from '../../domain/security.ts'
import classes from './security-choices.module.css'

/** Who may come in, and over what: the same words for a new Instance and for one that runs. */
const methods: Choice<AuthenticationMethod>[] = [
  {
    value: 'anonymous',
    label: 'Anybody',
    meaning: 'Whoever reaches the address comes in without a name. For trials, and networks that you trust.',
  },
  {
    value: 'sasl',
    label: 'Users with passwords',
    meaning: 'SASL. You make users here, and say what each may do.',
    isRecommended: true,
  },
  {
    value: 'mtls',
    label: 'Client certificates',
    meaning: 'mTLS. A client shows a certificate of your authority; the common name in it is the user. Needs TLS.',
  },
]

const modes: Choice<TransitEncryptionMode>[] = [
  { value: 'plaintext', label: 'Plain text', meaning: 'Whoever listens on the way reads along.' },
  {
    value: 'tls',
    label: 'TLS',
    meaning: 'Encrypted. Clients know the Instance by its certificate authority, a file to download.',
    isRecommended: true,
  },
]

type Choice<V extends string> = { value: V; label: string; meaning: string; isRecommended?: boolean }

type ChosenProps<V extends string> = { value: V[]; onChange: (value: V[]) => void; error: ReactNode }

export const MethodChoices = (chosen: ChosenProps<AuthenticationMethod>) => (
  <Choices label="Who may come in" choices={methods} {...chosen} />
)

export const ModeChoices = (chosen: ChosenProps<TransitEncryptionMode>) => (
  <Choices label="On the way" choices={modes} {...chosen} />
)

type ChoicesProps<V extends string> = ChosenProps<V> & { label: string; choices: Choice<V>[] }

function Choices<V extends string>({ label, choices, value, onChange, error }: ChoicesProps<V>) {
  const chosen = (words: string[]) => choices.map((choice) => choice.value).filter((one) => words.includes(one))
  return (
    <Checkbox.Group label={label} value={value} onChange={(words) => onChange(chosen(words))} error={error}>
      <div className={classes.choices}>
        {choices.map((choice) => (
          <Checkbox
            key={choice.value}
            value={choice.value}
            className={classes.choice!}
            label={
              <>
                {choice.label}
                {choice.isRecommended && <span className={classes.recommended}>recommended</span>}
              </>
            }
            description={choice.meaning}
          />
        ))}
      </div>
    </Checkbox.Group>
  )
}
