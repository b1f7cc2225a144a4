import { z } from '@hono/zod-openapi'
import {
  aclGroups,
  aclPatternTypes,
  aclPermissionTypes,
  aclResourceTypes,
  type AclBinding,
  type AclGroup,
  type WantedBinding,
} from '../../domain/acl.ts'
import { principalOf, userOf } from '../../domain/acl-names.ts'

/** Access rules on the wire. A group goes in by its name and comes out with what of it is there: the contract has it so. */
const oneOf = (values: readonly string[]) => `This is one of ${values.join(', ')}.`

const resourceType = z.enum(aclResourceTypes, oneOf(aclResourceTypes))
const permissionType = z.enum(aclPermissionTypes, oneOf(aclPermissionTypes))
const patternType = z.enum(aclPatternTypes, oneOf(aclPatternTypes))
const groupNames = aclGroups as readonly [AclGroup, ...AclGroup[]]

const Access = z.strictObject(
  {
    user: z.string('The user is a text.').openapi({ description: 'Without "User:"; * is everybody' }),
    host: z.string('The host is a text.').max(256, 'A host has at most 256 characters.').default('*'),
    operationGroup: z.enum(groupNames, oneOf(aclGroups)),
    permissionType: permissionType.default('ALLOW'),
  },
  'accessControlParam is {user, host, operationGroup, permissionType}.',
)

const Pattern = z.strictObject(
  { resourceType, name: z.string('The name is a text.'), patternType: patternType.default('LITERAL') },
  'resourcePatternParam is {resourceType, name, patternType}.',
)

export const AclParam = z
  .strictObject(
    { accessControlParam: Access, resourcePatternParam: Pattern },
    'A rule is {accessControlParam, resourcePatternParam}.',
  )
  .openapi('AclParam')

const mostParams = `At most 200 rules at once.`

export const AclParams = z
  .strictObject(
    { params: z.array(AclParam, 'params is a list of rules.').min(1, 'Name at least one rule.').max(200, mostParams) },
    'The body is a JSON object.',
  )
  .openapi('AclParams')

export function wantedFrom({ accessControlParam, resourcePatternParam }: z.output<typeof AclParam>): WantedBinding {
  const { user, host, operationGroup, permissionType: permission } = accessControlParam
  const { resourceType: type, name, patternType: pattern } = resourcePatternParam
  return {
    principal: principalOf(user),
    host,
    permissionType: permission,
    resourceType: type,
    resourceName: name,
    patternType: pattern,
    group: operationGroup,
  }
}

const operations = z.array(z.string())

export const AclBindingShape = z
  .object({
    accessControl: z.object({
      user: z.string(),
      host: z.string(),
      operationGroup: z.object({
        name: z.enum(groupNames),
        hitOperations: operations.openapi({ description: 'What of the group is there' }),
        missOperations: operations.openapi({ description: 'What of it is not' }),
      }),
      permissionType,
    }),
    resourcePattern: z.object({ resourceType, name: z.string(), patternType }),
  })
  .openapi('AclBinding')

export function aclView(binding: AclBinding): z.input<typeof AclBindingShape> {
  const { principal, host, group, hit, miss } = binding
  return {
    accessControl: {
      user: userOf(principal),
      host,
      operationGroup: { name: group, hitOperations: hit, missOperations: miss },
      permissionType: binding.permissionType,
    },
    resourcePattern: {
      resourceType: binding.resourceType,
      name: binding.resourceName,
      patternType: binding.patternType,
    },
  }
}

export const aclFilter = {
  exactUser: z.string().max(256).optional(),
  permissionType: permissionType.optional(),
  fuzzyResourceName: z
    .string()
    .max(256)
    .optional()
    .openapi({ description: 'Part of a name; that very name comes first' }),
}
