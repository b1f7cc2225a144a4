import assert from 'node:assert/strict'
import type { Answer } from '../../harness/client.ts'
import { Acls, Configurations, Endpoints, Instance, Instances, Topic, User, Users } from './contract.ts'
import type { Recorded } from './recorded.ts'

/**
 * What Terraform knows after each of its requests, and holds every answer against: what was set comes back as it was set, what
 * was never set is absent, and what it has once read stays the same. Each check throws where an answer would make an apply
 * fail, or the plan after it not empty.
 */
export type Known = {
  instanceId?: string
  topicId?: string
  /** The part of the Instance that a caller can set. */
  instance?: Settable
  configs?: Setting[]
  endpoints?: unknown
  topic?: { name: string; partition: number; configs: Setting[] }
  user?: string
  acl?: AclParam
}

type Setting = { key: string; value: string }
type Fields = Record<string, unknown>
type Settable = Fields & { spec: Fields; features: Fields }
type AclParam = { accessControlParam: Fields; resourcePatternParam: Fields }

type Check = (answer: Answer, asked: Fields, known: Known) => void

const checks: Record<string, Check> = {
  'POST /instances': ({ body }, asked, known) => {
    known.instance = changed({ spec: {}, features: {} }, asked)
    known.configs = configsIn(asked) ?? []
    isInstance(body, known, ['Creating', 'Running'])
    known.instanceId = body.instanceId
  },
  'PATCH /instances/{instanceId}': (_answer, asked, known) => {
    known.instance = changed(known.instance!, asked)
    known.configs = configsIn(asked) ?? known.configs!
  },
  'GET /instances/{instanceId}': ({ body }, _asked, known) => isInstance(body, known, ['Running']),
  'GET /instances': ({ body }, _asked, known) => isInstance(Instances.parse(body).list[0], known, ['Running']),
  'GET /instances/{instanceId}/endpoints': ({ body }, _asked, known) => {
    const { list } = Endpoints.parse(body)
    known.endpoints ??= list
    assert.deepEqual(list, known.endpoints, 'they stay for life')
  },
  'GET /instances/{instanceId}/configurations': ({ body }, _asked, { configs }) => {
    assert.deepEqual(Configurations.parse(body).list, configs)
  },
  'POST /instances/{instanceId}/topics': ({ body }, asked, known) => {
    known.topic = { name: asked['name'] as string, partition: asked['partition'] as number, configs: configsOf(asked) }
    isTopic(body, known)
    known.topicId = body.topicId
  },
  'GET /instances/{instanceId}/topics/{topicId}': ({ body }, _asked, known) => isTopic(body, known),
  'PATCH /instances/{instanceId}/topics/{topicId}/partition-counts': (_answer, asked, known) => {
    known.topic = { ...known.topic!, partition: asked['partition'] as number }
  },
  'PATCH /instances/{instanceId}/topics/{topicId}/configurations': ({ body }, asked, known) => {
    known.topic = { ...known.topic!, configs: configsOf(asked) }
    isTopic(body, known)
  },
  'POST /instances/{instanceId}/users': ({ body }, asked, known) => {
    known.user = asked['name'] as string
    assert.equal(User.parse(body).name, known.user)
  },
  'GET /instances/{instanceId}/users': ({ body }, _asked, { user }) => {
    assert.deepEqual(
      Users.parse(body).list.map(({ name }) => name),
      [user],
    )
  },
  'POST /instances/{instanceId}/acls': ({ body }, asked, known) => {
    known.acl = (asked as { params: AclParam[] }).params[0]!
    isAcl(body, known)
  },
  'GET /instances/{instanceId}/acls': ({ body }, _asked, known) => isAcl(body, known),
}

type Exchange = { body: Fields | undefined; answer: Answer }

/** Of an answer that is no refusal, and the body that was sent for it; what it tells is known from then on. */
export function checkAnswer({ method, target }: Recorded, { body = {}, answer }: Exchange, known: Known): void {
  const check = checks[`${method} ${target.split('?')[0]}`]
  // Of deletes the body is not looked at, nor need there be one.
  if (check) check(answer, body, known)
  else assert.ok(method === 'DELETE' || target.endsWith(':delete'), `${method} ${target} is not checked`)
}

function isInstance(body: unknown, known: Known, states: string[]): void {
  const seen = Instance.parse(body)
  assert.ok(states.includes(seen.state), seen.state)
  assert.deepEqual(settableOf(seen), known.instance)
}

function isTopic(body: unknown, { topic, topicId }: Known): void {
  const seen = Topic.parse(body)
  const configs = topic!.configs.map(({ key }) => ({ key, value: seen.configs?.[key] }))
  assert.deepEqual({ name: seen.name, partition: seen.partition, configs }, topic)
  if (topicId) assert.equal(seen.topicId, topicId)
}

/** The provider takes the first one, and looks at nothing else. */
function isAcl(body: unknown, { acl }: Known): void {
  const { accessControl, resourcePattern } = Acls.parse(body).list[0]!
  const { user, operationGroup, permissionType } = accessControl
  const { resourceType, name, patternType } = resourcePattern
  assert.deepEqual(
    {
      accessControlParam: { user, operationGroup: operationGroup.name, permissionType },
      resourcePatternParam: { resourceType, name, patternType },
    },
    acl,
  )
}

const configsIn = (asked: Fields) => (asked['features'] as { instanceConfigs?: Setting[] } | undefined)?.instanceConfigs
const configsOf = (asked: Fields) => (asked['configs'] ?? []) as Setting[]

/** An absent field is unchanged. */
function changed(before: Settable, asked: Fields): Settable {
  const { spec, features, ...others } = asked as Partial<Settable>
  const { instanceConfigs: _configs, metricsExporter, ...otherFeatures } = features ?? {}
  const { metricsExporter: exporterBefore, ...featuresBefore } = before.features
  const exporter = metricsExporter === undefined ? exporterBefore : shownOf(metricsExporter)
  return {
    ...before,
    ...others,
    spec: { ...before.spec, ...spec },
    features: { ...featuresBefore, ...otherFeatures, ...(exporter !== undefined && { metricsExporter: exporter }) },
  }
}

type Exporter = { prometheus?: Fields | null | undefined }

/** Switched off, it is not there; secrets never come back. */
function shownOf(exporter: unknown): Exporter | undefined {
  const { enabled, password: _password, token: _token, ...shown } = (exporter as Exporter).prometheus ?? {}
  return enabled === false || Object.keys(shown).length === 0 ? undefined : { prometheus: shown }
}

const topFields = ['name', 'description', 'version', 'tags']
const specFields = [
  'reservedAku',
  'pricingMode',
  'reservedNodeCount',
  'nodeConfig',
  'networks',
  'kubernetesNodeGroups',
  'securityGroups',
  'fileSystemForFsWal',
  'deployType',
  'dnsZone',
  'kubernetesClusterId',
  'kubernetesNamespace',
  'kubernetesServiceAccount',
  'kubernetesLoadBalancerSubnets',
  'instanceRole',
]
const featureFields = ['walMode', 'security', 'tableTopic', 'schemaRegistryEnabled']
const exporterFields = ['authType', 'endPoint', 'username', 'prometheusArn', 'labels']

const picked = (from: Fields, names: string[]): Fields =>
  Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]))

function settableOf(seen: Settable): Settable {
  const { prometheus } = (seen.features['metricsExporter'] ?? {}) as Exporter
  const metricsExporter = shownOf({ prometheus: picked(prometheus ?? {}, exporterFields) })
  return {
    ...picked(seen, topFields),
    spec: picked(seen.spec, specFields),
    features: { ...picked(seen.features, featureFields), ...(metricsExporter && { metricsExporter }) },
  }
}
