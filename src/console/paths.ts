/** Every address of the console, in one place. Links are made from these and never written out. */
export const paths = {
  home: '/',
  signIn: '/auth/login',
  instances: '/instances',
  newInstance: '/instances/new',
  instance: '/instances/$instanceId',
  topic: '/instances/$instanceId/topics/$topicId',
  /** The group itself stands behind the question mark: its name may hold anything, and a path may not. */
  group: '/instances/$instanceId/group',
  operations: '/operations',
  operation: '/operations/$operationId',
  environment: '/environment',
  members: '/members',
  serviceAccounts: '/service-accounts',
  audit: '/audit',
} as const

export const instanceTabs = [
  'overview',
  'nodes',
  'topics',
  'groups',
  'users',
  'acls',
  'settings',
  'operations',
  'activity',
] as const
export type InstanceTab = (typeof instanceTabs)[number]
