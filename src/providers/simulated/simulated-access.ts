import type { AclEntry } from '../../domain/acl.ts'
import { AppError } from '../../domain/errors.ts'
import { scramMechanisms } from '../../domain/security.ts'
import type { ClusterResources } from '../../kafka/resources.ts'
import type { Look } from './simulated-holdings.ts'

/** Nobody signs in to a simulated Kafka: that a user is there is all that is kept, and no password. */
export const simulatedUsers = (look: Look): Pick<ClusterResources, 'listUsers' | 'putUser' | 'deleteUser'> => ({
  listUsers: () =>
    look(({ holdings }) => [...holdings.users].toSorted().map((name) => ({ name, mechanisms: [...scramMechanisms] }))),
  putUser: ({ name }) => look(({ holdings }) => void holdings.users.add(name)),
  deleteUser: (name) => look(({ holdings }) => void holdings.users.delete(name)),
})

export const simulatedAcls = (look: Look): Pick<ClusterResources, 'listAcls' | 'createAcls' | 'deleteAcls'> => ({
  listAcls: () => look(({ holdings, isAuthorized }) => (isAuthorized ? [...holdings.acls] : null)),
  createAcls: (entries) =>
    look(({ holdings, isAuthorized }) => {
      if (!isAuthorized) throw new AppError('conflict', 'Acl.NotEnforced', 'This Instance asks nobody who they are.')
      const all = [...holdings.acls, ...entries].map((entry) => [keyOf(entry), entry] as const)
      holdings.acls = [...new Map(all).values()]
    }),
  deleteAcls: (entries) =>
    look(({ holdings }) => {
      const gone = new Set(entries.map(keyOf))
      holdings.acls = holdings.acls.filter((entry) => !gone.has(keyOf(entry)))
    }),
})

const keyOf = (entry: AclEntry): string =>
  JSON.stringify([
    entry.principal,
    entry.host,
    entry.permissionType,
    entry.operation,
    entry.resourceType,
    entry.resourceName,
    entry.patternType,
  ])
