/** Every address of the console, in one place. Links are made from these and never written out. */
export const paths = {
  home: '/',
  signIn: '/auth/login',
  instances: '/instances',
  newInstance: '/instances/new',
  instance: '/instances/$instanceId',
  operations: '/operations',
  operation: '/operations/$operationId',
  environment: '/environment',
} as const

export const instanceTabs = ['overview', 'nodes', 'settings', 'operations', 'activity'] as const
export type InstanceTab = (typeof instanceTabs)[number]
