import { NativeSelect } from '@mantine/core'
import {
  aclResourceTypes,
  operationsOf,
  type AclGroup,
  type AclResourceType,
  type AclSubject,
} from '../../domain/acl.ts'
import { aclGroupsFor } from '../../domain/acl-rules.ts'
import { resourceTypeWords } from '../components/acl-words.ts'
import { withResourceType } from './acl-draft.ts'
import { GroupField, Patterned, PlainField, TopicField, type AclFieldsProps } from './acl-fields.tsx'
import classes from './holding-dialog.module.css'

/** Everything that Kafka lets a rule say. */
export function AclSingleFields(props: AclFieldsProps) {
  const { draft, problems, onChange } = props
  const { resourceType } = draft
  return (
    <>
      <div className={classes.pair}>
        <NativeSelect
          label="On a"
          data={aclResourceTypes.map((value) => ({ value, label: resourceTypeWords[value].one }))}
          value={resourceType}
          onChange={(event) => onChange(withResourceType(draft, event.currentTarget.value as AclResourceType))}
        />
        <NativeSelect
          label="Operation"
          data={aclGroupsFor(resourceType).map((value) => ({ value, label: operationLabel(value) }))}
          value={draft.operation}
          onChange={(event) => onChange({ operation: event.currentTarget.value as AclGroup })}
        />
      </div>
      {resourceType !== 'CLUSTER' && (
        <Patterned
          what={resourceTypeWords[resourceType].many}
          pattern={draft.pattern}
          onPattern={(pattern) => onChange({ pattern })}
        >
          <ResourceName {...props} />
        </Patterned>
      )}
      <div className={classes.pair}>
        <NativeSelect
          label="The rule"
          data={[
            { value: 'ALLOW', label: 'Allows it' },
            { value: 'DENY', label: 'Denies it, whatever else allows it' },
          ]}
          value={draft.permission}
          onChange={(event) => onChange({ permission: event.currentTarget.value as AclSubject['permissionType'] })}
        />
        <PlainField
          label="From"
          description="An address of the client; * is anywhere."
          value={draft.host}
          onChange={(host) => onChange({ host })}
          error={problems.host}
        />
      </div>
    </>
  )
}

function ResourceName({ instanceId, draft, problems, onChange }: AclFieldsProps) {
  const field = {
    label: resourceTypeWords[draft.resourceType].one,
    value: draft.name,
    onChange: (name: string) => onChange({ name }),
    error: problems.name,
  }
  if (draft.resourceType === 'TOPIC') return <TopicField instanceId={instanceId} {...field} />
  if (draft.resourceType === 'GROUP') return <GroupField instanceId={instanceId} {...field} />
  return <PlainField {...field} />
}

function operationLabel(group: AclGroup): string {
  const operations = operationsOf(group)
  if (group === 'ALL') return 'ALL: everything there is'
  return operations.length > 1 ? `${group}: ${operations.join(', ')}` : group
}
