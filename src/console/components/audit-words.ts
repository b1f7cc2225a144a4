/** What kinds of deeds can be looked for; each stands for all that begin so. */
export const auditActions = [
  { value: '', label: 'Everything' },
  { value: 'instance', label: 'Instances' },
  { value: 'operation', label: 'Operations' },
  { value: 'topic', label: 'Topics' },
  { value: 'user', label: 'Users' },
  { value: 'acl', label: 'Access rules' },
  { value: 'group', label: 'Consumer groups' },
  { value: 'member', label: 'Members' },
  { value: 'service-account', label: 'Service accounts' },
  { value: 'session', label: 'Sign-ins' },
  { value: 'session.refused', label: 'Refused sign-ins' },
]

const kinds: Record<string, string> = {
  acl: 'Access rule',
  group: 'Consumer group',
  instance: 'Instance',
  member: 'Member',
  operation: 'Operation',
  'service-account': 'Service account',
  topic: 'Topic',
  user: 'User',
}

const plainWords: Record<string, string> = {
  'session.begin': 'Sign-in',
  'session.end': 'Sign-out',
  'session.refused': 'Sign-in refused',
}

/** `service-account.rotate` → "Service account: rotate". */
export function actionWords(action: string): string {
  if (plainWords[action]) return plainWords[action]
  const [kind = '', ...deed] = action.split('.')
  const words = deed.join(', ').replaceAll('-', ' ')
  return words === '' ? (kinds[kind] ?? kind) : `${kinds[kind] ?? kind}: ${words}`
}

/** What was tried and not let through. */
export const isRefusal = (action: string): boolean => /(refused|failed)$/.test(action)
