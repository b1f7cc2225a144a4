import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Instance } from '../api-types.ts'
import { queries } from '../queries.ts'
import { ChangeDialog } from './change-dialog.tsx'
import { ListenerFates } from './listener-fates.tsx'
import { OwnCertificates } from './own-certificates.tsx'
import * as change from './security-change-draft.ts'
import { MethodChoices, ModeChoices } from './security-choices.tsx'

/** Who may come to an Instance that runs, over what, and with which certificates of the user's. */
export function InstanceSecurity({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  // As it was when the dialog was opened: what happens meanwhile does not change what was chosen.
  const [before] = useState(instance.features.security)
  const [draft, setDraft] = useState(() => change.securityChangeDraft(before))
  const certificates = useQuery(queries.certificates(instance.instanceId))
  const held = useMemo(() => change.heldOf(certificates.data?.list), [certificates.data])
  const request = useMemo(() => change.securityRequest(draft, before, held), [draft, before, held])
  const edit = (edited: Partial<change.SecurityChangeDraft>) => setDraft({ ...draft, ...edited })
  return (
    <ChangeDialog
      instance={instance}
      title={`Security of ${instance.name}`}
      size="xl"
      verb="Change security"
      request={request}
      hint="Nothing is changed yet."
      hold={change.unfilledIn(draft, held)}
      fields={change.securityChangeFields(draft, held)}
      onClose={onClose}
    >
      {(errors) => {
        const errorAt = (field: keyof change.SecurityChangeDraft) => change.errorAt(draft, errors, field)
        return (
          <Stack gap="lg">
            <Text size="sm" c="dimmed">
              Clients are moved in two changes: add the new way in beside the old one, move them, and then drop the old
              one. A listener that stays keeps its addresses.
            </Text>
            <MethodChoices
              value={draft.authenticationMethods}
              onChange={(authenticationMethods) => edit({ authenticationMethods })}
              error={errorAt('authenticationMethods')}
            />
            <ModeChoices
              value={draft.transitEncryptionModes}
              onChange={(transitEncryptionModes) => edit({ transitEncryptionModes })}
              error={errorAt('transitEncryptionModes')}
            />
            <ListenerFates fates={change.listenerFates(draft, before)} />
            <OwnCertificates draft={draft} certificates={certificates} held={held} onEdit={edit} errorAt={errorAt} />
          </Stack>
        )
      }}
    </ChangeDialog>
  )
}
