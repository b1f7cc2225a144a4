import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { operationsOf, type WantedBinding } from '../../domain/acl.ts'
import { holdings } from '../api-holdings.ts'
import { grantWords, paramOfWanted, userWords } from '../components/acl-words.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/Notice.tsx'
import classes from './acl-create.module.css'
import { aclProblems, bindingsOf, emptyAcl, type AclKind } from './acl-draft.ts'
import { GroupField, Patterned, PlainField, TopicField, UserField, type AclFieldsProps } from './acl-fields.tsx'
import { AclSingleFields } from './acl-single-fields.tsx'
import dialog from './holding-dialog.module.css'

type AclCreateProps = { instanceId: string; user?: string | undefined; onClose: () => void }

const kinds: { value: AclKind; label: string }[] = [
  { value: 'producer', label: 'Producer' },
  { value: 'consumer', label: 'Consumer' },
  { value: 'single', label: 'Single rule' },
]

const kindWords: Record<AclKind, string> = {
  producer: 'May write to topics, and create them by writing.',
  consumer: 'May read topics, as a member of a consumer group.',
  single: 'One operation, or a group of them, on one resource.',
}

/** Gives a user access; the rules that it makes are shown as they are chosen. */
export function AclCreate({ instanceId, user, onClose }: AclCreateProps) {
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(() => emptyAcl(user))
  const [isTold, setTold] = useState(false)
  const problems = aclProblems(draft)
  const bindings = bindingsOf(draft)
  const isRight = Object.keys(problems).length === 0
  const create = useMutation({
    mutationFn: () => holdings.createAcls(instanceId, { params: bindings.map(paramOfWanted) }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['instance', instanceId, 'acls'] })
      onClose()
    },
  })
  const submit = () => {
    setTold(true)
    if (isRight) create.mutate()
  }
  return (
    <Dialog onClose={onClose} title="Give access" size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
        noValidate
      >
        <Stack>
          <SegmentedControl
            aria-label="What for"
            data={kinds}
            value={draft.kind}
            onChange={(kind) => setDraft({ ...draft, kind: kind as AclKind })}
          />
          <Text size="sm" c="dimmed" mt={-6}>
            {kindWords[draft.kind]}
          </Text>
          <AclFields
            instanceId={instanceId}
            draft={draft}
            problems={isTold ? problems : {}}
            onChange={(changed) => setDraft({ ...draft, ...changed })}
          />
          <Preview user={draft.user.trim()} bindings={isRight ? bindings : []} />
          {create.error && <ErrorNotice error={create.error} title="No rule was made" />}
          <Group justify="flex-end" className={dialog.foot!}>
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={create.isPending}>
              Give access
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function AclFields(props: AclFieldsProps) {
  const { instanceId, draft, problems, onChange } = props
  return (
    <>
      <UserField
        instanceId={instanceId}
        label="User"
        description="A user of this Instance, or the name in a client’s certificate; * is everybody."
        value={draft.user}
        onChange={(user) => onChange({ user })}
        error={problems.user}
      />
      {draft.kind === 'single' ? (
        <AclSingleFields {...props} />
      ) : (
        <Patterned what="topics" pattern={draft.pattern} onPattern={(pattern) => onChange({ pattern })}>
          <TopicField
            instanceId={instanceId}
            label={draft.pattern === 'PREFIXED' ? 'Topics that begin with' : 'Topic'}
            value={draft.name}
            onChange={(name) => onChange({ name })}
            error={problems.name}
          />
        </Patterned>
      )}
      {draft.kind === 'consumer' && (
        <Patterned what="groups" pattern={draft.groupPattern} onPattern={(groupPattern) => onChange({ groupPattern })}>
          <GroupField
            instanceId={instanceId}
            label={draft.groupPattern === 'PREFIXED' ? 'Consumer groups that begin with' : 'Consumer group'}
            value={draft.group}
            onChange={(group) => onChange({ group })}
            error={problems.group}
          />
        </Patterned>
      )}
      {draft.kind === 'producer' && (
        <PlainField
          label="Transactional id"
          description="Only for a producer that writes in transactions."
          value={draft.transactionalId}
          onChange={(transactionalId) => onChange({ transactionalId })}
          error={problems.transactionalId}
        />
      )}
    </>
  )
}

/** The rules as they will stand in the list. */
function Preview({ user, bindings }: { user: string; bindings: WantedBinding[] }) {
  if (bindings.length === 0) return null
  return (
    <section aria-label="What is granted" className={classes.preview}>
      <div className={classes.who}>
        <span className="mono">{userWords(user)}</span> {bindings[0]!.permissionType === 'DENY' ? 'may not' : 'may'}
      </div>
      <ul className={dialog.list}>
        {bindings.map((binding) => (
          <li key={grantWords(binding)} className={classes.rule}>
            <IconCheck size={15} aria-hidden />
            <span>
              {grantWords({ ...binding, permissionType: 'ALLOW' })}
              {operationsOf(binding.group).length > 1 && (
                <span className={classes.operations}>{operationsOf(binding.group).join(', ')}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
