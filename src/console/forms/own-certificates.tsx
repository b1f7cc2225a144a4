import { Checkbox, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Certificate } from '../api-types.ts'
import { ErrorNotice } from '../ui/Notice.tsx'
import classes from './own-certificates.module.css'
import { PemField } from './pem-field.tsx'
import { authorityFate, chainFate, type Fate, type Held, type SecurityChangeDraft } from './security-change-draft.ts'

type OwnCertificatesProps = {
  draft: SecurityChangeDraft
  certificates: Pick<UseQueryResult<{ list: Certificate[] }>, 'data' | 'error' | 'refetch'>
  held: Held
  onEdit: (edited: Partial<SecurityChangeDraft>) => void
  errorAt: (field: keyof SecurityChangeDraft) => ReactNode
}

/** The user's own certificates: kept, exchanged while Kafka runs, or taken away again. A key is never shown. */
export function OwnCertificates({ certificates, ...given }: OwnCertificatesProps) {
  const { draft, held } = given
  const hasTls = draft.transitEncryptionModes.includes('tls')
  const hasMtls = draft.authenticationMethods.includes('mtls')
  if (!hasTls && held && !held.chain && !held.authority) return null
  const { data, error, refetch } = certificates
  if (error && !data) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (!data || !held) return <Reading />
  const first = (kind: Certificate['kind']) => data.list.find((one) => one.kind === kind)
  return (
    <Stack gap="md">
      {(hasTls || held.chain) && <Chain {...given} held={held} shown={first('chain')} />}
      {(hasMtls || held.authority) && <Authority {...given} held={held} shown={first('client-authority')} />}
    </Stack>
  )
}

function Reading() {
  return (
    <>
      <Text size="sm" c="dimmed" role="status">
        Reading the certificates…
      </Text>
      <Skeleton height={72} radius="md" />
    </>
  )
}

type PartProps = Omit<OwnCertificatesProps, 'certificates'> & {
  held: NonNullable<Held>
  shown: Certificate | undefined
}

const madeByMillrace = 'Millrace’s own, which it renews by itself.'

function Chain({ draft, held, shown, onEdit, errorAt }: PartProps) {
  const fate = chainFate(draft, held)
  const goesWithTls = !draft.transitEncryptionModes.includes('tls')
  const words: Record<Fate, ReactNode> = {
    kept: shown ? nameOf(shown) : madeByMillrace,
    given: 'It is exchanged while Kafka runs: no node restarts for it, and open connections go on.',
    taken: goesWithTls
      ? 'Yours goes with TLS: nothing is left that shows it.'
      : `Yours is taken away. Listeners show ${madeByMillrace}`,
  }
  const isOwn = fate === 'given' || (fate === 'kept' && held.chain)
  return (
    <Part
      title="Certificate of the listeners"
      words={words[fate]}
      choices={goesWithTls ? [] : held.chain ? ['kept', 'given', 'taken'] : ['kept', 'given']}
      labels={held.chain ? exchangeLabels : { ...exchangeLabels, kept: 'Millrace’s own', given: 'Your own' }}
      fate={fate}
      onFate={(chain) => onEdit({ chain })}
    >
      {fate === 'given' && (
        <>
          <PemField
            label="Certificate chain"
            description="The Instance’s own certificate first, then those that signed it."
            isRequired
            value={draft.certificateChain}
            onChange={(certificateChain) => onEdit({ certificateChain })}
            error={errorAt('certificateChain')}
          />
          <PemField
            label="Private key"
            description="Of the first certificate. Sealed in the database, and never shown again."
            isRequired
            value={draft.privateKey}
            onChange={(privateKey) => onEdit({ privateKey })}
            error={errorAt('privateKey')}
          />
        </>
      )}
      {(isOwn || !draft.tlsHostnameValidationEnabled) && !goesWithTls && (
        <Checkbox
          label="Clients check host names"
          description="Leave it on when the certificate stands for the addresses of the nodes. The client configurations here are made by it."
          checked={draft.tlsHostnameValidationEnabled}
          onChange={(event) => onEdit({ tlsHostnameValidationEnabled: event.currentTarget.checked })}
        />
      )}
    </Part>
  )
}

function Authority({ draft, held, shown, onEdit, errorAt }: PartProps) {
  const fate = authorityFate(draft, held)
  const isNeeded = draft.authenticationMethods.includes('mtls')
  const words: Record<Fate, ReactNode> = {
    kept: shown && nameOf(shown),
    given: 'Only clients whose certificate it signed come in from then on.',
    taken: 'It is taken away: no client is asked for a certificate any more.',
  }
  return (
    <Part
      title="Authority of the clients’ certificates"
      words={words[fate]}
      choices={!held.authority ? [] : isNeeded ? ['kept', 'given'] : ['kept', 'taken']}
      labels={exchangeLabels}
      fate={fate}
      onFate={(authority) => onEdit({ authority })}
    >
      {fate === 'given' && (
        <PemField
          label="Authority of the clients"
          description="The certificate that signs those of your clients, as PEM."
          isRequired
          value={draft.certificateAuthority}
          onChange={(certificateAuthority) => onEdit({ certificateAuthority })}
          error={errorAt('certificateAuthority')}
        />
      )}
    </Part>
  )
}

const exchangeLabels: Record<Fate, string> = { kept: 'Keep', given: 'Exchange', taken: 'Take away' }

const nameOf = ({ subject, notAfter }: Certificate) => (
  <>
    Yours: <span className="mono">{subject}</span>, until {notAfter.slice(0, 10)}.
  </>
)

type FateProps = {
  title: string
  words: ReactNode
  /** Empty: there is nothing to choose. */
  choices: Fate[]
  labels: Record<Fate, string>
  fate: Fate
  onFate: (fate: Fate) => void
  children: ReactNode
}

function Part({ title, words, choices, labels, fate, onFate, children }: FateProps) {
  return (
    <section className={classes.part} aria-label={title}>
      <div className={classes.head}>
        <div>
          <Text size="sm" fw={600}>
            {title}
          </Text>
          <Text size="sm" c="dimmed" className={classes.words!}>
            {words}
          </Text>
        </div>
        {choices.length > 0 && (
          <SegmentedControl
            size="xs"
            aria-label={title}
            className={classes.choice!}
            data={choices.map((value) => ({ value, label: labels[value] }))}
            value={fate}
            onChange={(value) => onFate(value as Fate)}
          />
        )}
      </div>
      {children}
    </section>
  )
}
