import { Button, Checkbox, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Badge } from '../ui/Badge.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Panel } from '../ui/Panel.tsx'
import { PemField } from './pem-field.tsx'
import { MethodChoices, ModeChoices } from './security-choices.tsx'
import { isRecommended, recommended, type SecurityDraft } from './security-draft.ts'
import classes from './security-panel.module.css'

type SecurityPanelProps = {
  draft: SecurityDraft
  onChange: (draft: SecurityDraft) => void
  errorAt: (field: string) => ReactNode
}

/** Who may come in, and over what. Each method is offered over each way, client certificates over TLS alone. */
export function SecurityPanel({ draft, onChange, errorAt }: SecurityPanelProps) {
  const { authenticationMethods, transitEncryptionModes } = draft
  const change = (changed: Partial<SecurityDraft>) => onChange({ ...draft, ...changed })
  const isOpen = authenticationMethods.includes('anonymous')
  return (
    <Panel title="Security" aside={isRecommended(draft) && <Badge tone="good">As recommended</Badge>}>
      <Stack gap="lg">
        <MethodChoices
          value={authenticationMethods}
          onChange={(chosen) => change({ authenticationMethods: chosen })}
          error={errorAt('security.authenticationMethods')}
        />
        <ModeChoices
          value={transitEncryptionModes}
          onChange={(chosen) => change({ transitEncryptionModes: chosen })}
          error={errorAt('security.transitEncryptionModes')}
        />
        {isOpen && (
          <Notice
            tone="warn"
            action={
              <Button size="xs" variant="default" onClick={() => onChange(recommended(draft))}>
                Use what is recommended
              </Button>
            }
          >
            <Text size="sm">
              {authenticationMethods.length === 1
                ? 'Anybody who reaches the address may read and write everything.'
                : 'Who comes without a name may do what access rules give to everybody.'}
            </Text>
          </Notice>
        )}
        {authenticationMethods.includes('mtls') && (
          <PemField
            label="Authority of the clients"
            description="The certificate that signs those of your clients, as PEM."
            value={draft.certificateAuthority}
            onChange={(certificateAuthority) => change({ certificateAuthority })}
            error={errorAt('security.certificateAuthority')}
          />
        )}
        {transitEncryptionModes.includes('tls') && <OwnCertificate draft={draft} change={change} errorAt={errorAt} />}
      </Stack>
    </Panel>
  )
}

type OwnCertificateProps = Pick<SecurityPanelProps, 'draft' | 'errorAt'> & {
  change: (changed: Partial<SecurityDraft>) => void
}

function OwnCertificate({ draft, change, errorAt }: OwnCertificateProps) {
  return (
    <details className={classes.own} open={!!(errorAt('security.certificateChain') ?? errorAt('security.privateKey'))}>
      <summary>A certificate of your own (optional)</summary>
      <Stack mt="md">
        <Text size="sm" c="dimmed">
          Without one, Millrace makes an authority for this Instance and renews what it signs by itself. Your own has to
          be exchanged by you before it ends.
        </Text>
        <PemField
          label="Certificate chain"
          description="The Instance’s own certificate first, then those that signed it."
          value={draft.certificateChain}
          onChange={(certificateChain) => change({ certificateChain })}
          error={errorAt('security.certificateChain')}
        />
        <PemField
          label="Private key"
          description="Of the first certificate. Sealed in the database, and never shown again."
          value={draft.privateKey}
          onChange={(privateKey) => change({ privateKey })}
          error={errorAt('security.privateKey')}
        />
        <Checkbox
          label="Clients check host names"
          description="Leave it on when the certificate stands for the addresses of the nodes."
          checked={draft.tlsHostnameValidationEnabled}
          onChange={(event) => change({ tlsHostnameValidationEnabled: event.currentTarget.checked })}
        />
      </Stack>
    </details>
  )
}
