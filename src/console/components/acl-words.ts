import type { ApiSchemas } from '../../client/client.ts'
import type { AclResourceType, AclSubject, WantedBinding } from '../../domain/acl.ts'
import { userOf } from '../../domain/acl-names.ts'
import type { AclBinding } from '../api-types.ts'

/** How access rules read. Pure. */
type AclParam = ApiSchemas['AclParams']['params'][number]

export const resourceTypeWords: Record<AclResourceType, { one: string; many: string }> = {
  TOPIC: { one: 'Topic', many: 'topics' },
  GROUP: { one: 'Consumer group', many: 'consumer groups' },
  CLUSTER: { one: 'Cluster', many: 'clusters' },
  TRANSACTIONAL_ID: { one: 'Transactional id', many: 'transactional ids' },
  DELEGATION_TOKEN: { one: 'Delegation token', many: 'delegation tokens' },
  USER: { one: 'User', many: 'users' },
}

type Target = Pick<AclSubject, 'resourceType' | 'resourceName' | 'patternType'>

/** "topic orders", "topics that begin with team-", "all topics", "the cluster". */
function targetWords({ resourceType, resourceName, patternType }: Target): string {
  const { one, many } = resourceTypeWords[resourceType]
  if (resourceType === 'CLUSTER') return 'the cluster'
  if (patternType === 'PREFIXED') return `${many} that begin with ${resourceName}`
  return resourceName === '*' ? `all ${many}` : `${one.toLowerCase()} ${resourceName}`
}

type Granted = Target & Pick<AclSubject, 'permissionType' | 'host'> & { group: string }

/** "PRODUCE on topic orders", "not WRITE on all topics, from 10.0.0.7". */
export function grantWords({ permissionType, host, group, ...target }: Granted): string {
  const from = host === '*' ? '' : `, from ${host}`
  return `${permissionType === 'DENY' ? 'not ' : ''}${group} on ${targetWords(target)}${from}`
}

const grantedBy = ({ accessControl, resourcePattern }: AclBinding): Granted => ({
  permissionType: accessControl.permissionType,
  host: accessControl.host,
  group: accessControl.operationGroup.name,
  resourceType: resourcePattern.resourceType,
  resourceName: resourcePattern.name,
  patternType: resourcePattern.patternType,
})

export const bindingSentence = (binding: AclBinding): string => grantWords(grantedBy(binding))

export const targetOf = (binding: AclBinding): string => targetWords(grantedBy(binding))

/** Kafka's `*` is everybody, signed in or not. */
export const userWords = (user: string): string => (user === '*' ? 'everybody' : user)

/** A rule as requests name it. */
export const paramOf = ({ accessControl, resourcePattern }: AclBinding): AclParam => ({
  accessControlParam: {
    user: accessControl.user,
    host: accessControl.host,
    operationGroup: accessControl.operationGroup.name,
    permissionType: accessControl.permissionType,
  },
  resourcePatternParam: { ...resourcePattern },
})

export const paramOfWanted = (wanted: WantedBinding): AclParam => ({
  accessControlParam: {
    user: userOf(wanted.principal),
    host: wanted.host,
    operationGroup: wanted.group,
    permissionType: wanted.permissionType,
  },
  resourcePatternParam: {
    resourceType: wanted.resourceType,
    name: wanted.resourceName,
    patternType: wanted.patternType,
  },
})
