import { MultiSelect, NativeSelect, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../queries.ts'
import { endChoices, type AccountDraft } from './account-draft.ts'
import { RoleField } from './role-field.tsx'

type AccountFieldsProps = {
  draft: AccountDraft
  onChange: (draft: AccountDraft) => void
  errors: Record<string, React.ReactNode>
}

/** What a service account may do, where, and until when. */
export function AccountFields({ draft, onChange, errors }: AccountFieldsProps) {
  return (
    <>
      <RoleField value={draft.role} onChange={(role) => onChange({ ...draft, role })} error={errors['role']} />
      <InstancesField
        value={draft.instanceIds}
        onChange={(instanceIds) => onChange({ ...draft, instanceIds })}
        error={errors['instanceIds']}
      />
      <SimpleGrid cols={{ base: 1, xs: draft.ends === 'on' ? 2 : 1 }} spacing="sm">
        <NativeSelect
          label="Ends"
          description="Refused from then on."
          data={endChoices}
          value={draft.ends}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...draft, ends: endChoices.find((choice) => choice.value === value)?.value ?? 'never' })
          }
          error={draft.ends === 'on' ? undefined : errors['expiresAt']}
        />
        {draft.ends === 'on' && (
          <TextInput
            type="date"
            label="Last day"
            description="It works to the end of that day."
            value={draft.endDay}
            onChange={(event) => onChange({ ...draft, endDay: event.currentTarget.value })}
            error={errors['expiresAt']}
          />
        )}
      </SimpleGrid>
    </>
  )
}

type InstancesFieldProps = {
  value: string[] | null
  onChange: (value: string[] | null) => void
  error: React.ReactNode
}

function InstancesField({ value, onChange, error }: InstancesFieldProps) {
  const { data } = useQuery(queries.instances({ size: 100, sort: 'name' }))
  const named = data?.list.map(({ instanceId, name }) => ({ value: instanceId, label: name })) ?? []
  // One that is gone, or past the first hundred, keeps its place by its id.
  const others = (value ?? []).filter((id) => !named.some((one) => one.value === id))
  return (
    <Stack gap="xs">
      <Radio.Group
        label="Instances it may touch"
        value={value === null ? 'all' : 'chosen'}
        onChange={(choice) => onChange(choice === 'all' ? null : [])}
        error={value === null ? error : undefined}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="all" label="All" description="Those to come, too. Needed to create Instances." />
          <Radio value="chosen" label="Chosen ones" description="The others do not exist for it." />
        </Stack>
      </Radio.Group>
      {value !== null && (
        <MultiSelect
          aria-label="Chosen Instances"
          placeholder={value.length === 0 ? 'Choose Instances' : ''}
          searchable
          data={[...named, ...others]}
          value={value}
          onChange={onChange}
          error={error}
          nothingFoundMessage="No Instance has that name"
        />
      )}
    </Stack>
  )
}
