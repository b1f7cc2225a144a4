import type {
  Activity,
  CreatePlan,
  DeletePlan,
  Endpoint,
  Environment,
  Instance,
  Member,
  NewInstance,
  Node,
  Operation,
  Page,
  Version,
} from './api-types.ts'
import { problemFrom } from './problem.ts'

/** Every request that the console makes, one function each. All throw a `Problem` when Millrace refuses. */
type Query = Record<string, string | number | boolean | undefined>
type Sent = { query?: Query; body?: unknown; headers?: Record<string, string> }

async function send<T>(method: string, path: string, sent: Sent = {}): Promise<T> {
  const response = await fetch(`/api/v1${path}${queryText(sent.query)}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...sent.headers,
    },
    ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
  })
  const text = await response.text()
  const body = text === '' ? undefined : parse(text)
  if (!response.ok) throw problemFrom(response, body)
  return body as T
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function queryText(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`
}

export type InstanceQuery = {
  page?: number
  size?: number
  keyword?: string | undefined
  state?: string | undefined
  sort?: string | undefined
  desc?: boolean | undefined
}
export type OperationQuery = {
  page?: number
  size?: number
  instanceId?: string | undefined
  state?: string | undefined
}
export type OperationVerb = 'pause' | 'resume' | 'cancel' | 'retry'

export const api = {
  signIn: (user: string, password: string) =>
    send<{ member: Member }>('POST', '/sessions', { body: { user, password } }),
  signOut: () => send<void>('DELETE', '/sessions/current'),
  session: () => send<{ member: Member }>('GET', '/sessions/current'),
  changePassword: (currentPassword: string, newPassword: string) =>
    send<void>('PUT', '/members/current/password', { body: { currentPassword, newPassword } }),

  environment: () => send<Environment>('GET', '/environment'),
  versions: () => send<Page<Version>>('GET', '/versions'),

  instances: (query: InstanceQuery) => send<Page<Instance>>('GET', '/instances', { query }),
  instance: (id: string) => send<Instance>('GET', `/instances/${id}`),
  endpoints: (id: string) => send<Page<Endpoint>>('GET', `/instances/${id}/endpoints`),
  configurations: (id: string) => send<Page<{ key: string; value: string }>>('GET', `/instances/${id}/configurations`),
  nodes: (id: string) => send<Page<Node>>('GET', `/instances/${id}/nodes`),
  activity: (id: string) => send<Page<Activity>>('GET', `/instances/${id}/events`),
  planCreate: (body: NewInstance) =>
    send<{ plan: CreatePlan } | CreatePlan>('POST', '/instances', { query: { dryRun: true }, body }).then(planOf),
  createInstance: (body: NewInstance, idempotencyKey: string) =>
    send<Instance>('POST', '/instances', { body, headers: { 'idempotency-key': idempotencyKey } }),
  updateInstance: (id: string, body: { name?: string; description?: string }) =>
    send<Instance>('PATCH', `/instances/${id}`, { body }),
  planDelete: (id: string) =>
    send<{ plan: DeletePlan } | DeletePlan>('DELETE', `/instances/${id}`, { query: { dryRun: true } }).then(planOf),
  deleteInstance: (id: string) => send<Instance>('DELETE', `/instances/${id}`),

  operations: (query: OperationQuery) => send<Page<Operation>>('GET', '/operations', { query }),
  operation: (id: string) => send<Operation>('GET', `/operations/${id}`),
  actOnOperation: (id: string, verb: OperationVerb) => send<Operation>('POST', `/operations/${id}:${verb}`),
}

function planOf<P extends object>(answer: { plan: P } | P): P {
  return 'plan' in answer ? answer.plan : answer
}
