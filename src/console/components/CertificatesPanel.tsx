import { Anchor, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { isAuthorized, isSecured } from '../../domain/security.ts'
import type { Certificate, Instance } from '../api-types.ts'
import { formatMoment, plural } from '../format.ts'
import { queries } from '../queries.ts'
import { ErrorNotice, Notice } from '../ui/Notice.tsx'
import { Facts, Panel } from '../ui/Panel.tsx'
import { soonestOfEach } from './certificate-words.ts'

const methodWords: Record<string, string> = {
  anonymous: 'anybody',
  sasl: 'users with passwords',
  mtls: 'client certificates',
}
const modeWords: Record<string, string> = { plaintext: 'plain text', tls: 'TLS' }

/** Who may come to an Instance, over what, and how long its certificates last. */
export function CertificatesPanel({ instance }: { instance: Instance }) {
  const { security } = instance.features
  const inWords = (given: string[], words: Record<string, string>) => given.map((one) => words[one] ?? one).join(', ')
  return (
    <Panel title="Security">
      <Stack gap="sm">
        <Facts
          facts={[
            ['Who comes in', inWords(security?.authenticationMethods ?? ['anonymous'], methodWords)],
            ['On the way', inWords(security?.transitEncryptionModes ?? ['plaintext'], modeWords)],
            ['Access rules', isAuthorized(security) ? 'refuse what none allows' : 'none: anybody may do everything'],
          ]}
        />
        {isSecured(security) && <Certificates instanceId={instance.instanceId} />}
      </Stack>
    </Panel>
  )
}

function Certificates({ instanceId }: { instanceId: string }) {
  const { data, error, refetch } = useQuery(queries.certificates(instanceId))
  if (error && !data) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton height={70} aria-label="Reading the certificates…" />
  const shown = soonestOfEach(data.list)
  const warnings = [...new Set(shown.flatMap(({ certificate }) => certificate.warning ?? []))]
  return (
    <>
      {warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
      {shown.length === 0 && <Text size="sm">No node shows a certificate yet.</Text>}
      <Facts
        facts={shown.map(({ label, certificate }) => [
          label,
          <span key={label} title={`${certificate.subject}. ${certificate.renewal}`}>
            {endWords(certificate)}
          </span>,
        ])}
      />
      <Anchor
        size="sm"
        underline="always"
        href={`/api/v1/instances/${instanceId}/certificate-authority`}
        download="ca.pem"
      >
        Download the authority, ca.pem
      </Anchor>
    </>
  )
}

const endWords = ({ daysLeft, notAfter }: Certificate): string =>
  daysLeft < 0 ? `ended ${formatMoment(notAfter)}` : `ends in ${plural(daysLeft, 'day')}, ${notAfter.slice(0, 10)}`
