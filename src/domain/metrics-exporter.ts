import type { FieldProblem } from './errors.ts'
import type { MetricSample } from './metric-sample.ts'

/**
 * Where an Instance's metrics are sent on to: a receiver of Prometheus remote write. What was set is kept as it was sent and
 * echoed so; the password and the token are kept sealed and never told.
 */
export type MetricsExporter = { prometheus: PrometheusExporter }

export type PrometheusExporter = {
  endPoint: string
  authType: ExporterAuth
  username?: string
  labels?: MetricLabel[]
  sealedPassword?: string
  sealedToken?: string
}

export type MetricLabel = { name: string; value: string }

export const exporterAuths = ['noauth', 'basic', 'bearer'] as const
export type ExporterAuth = (typeof exporterAuths)[number]

/** As it was asked for, with the secrets as they are; empty texts were left out before. */
export type GivenExporter = {
  endPoint?: string | undefined
  authType?: string | undefined
  username?: string | undefined
  password?: string | undefined
  token?: string | undefined
  labels?: MetricLabel[] | undefined
}

export const exporterPath = 'features.metricsExporter.prometheus'

/** Everything wrong with it, each with its field. `kept`: secrets that stand already and hold for the same receiver. */
export function exporterProblems(given: GivenExporter, kept: { password: boolean; token: boolean }): FieldProblem[] {
  const problems = [
    { field: 'endPoint', message: endPointProblem(given.endPoint) },
    { field: 'authType', message: authTypeProblem(given.authType) },
    ...secretProblems(given, kept),
  ].flatMap(({ field, message }) => (message ? [{ path: `${exporterPath}.${field}`, message }] : []))
  return [...problems, ...labelProblems(given.labels ?? [])]
}

const longestEndPoint = 2_048

function endPointProblem(endPoint: string | undefined): string | undefined {
  if (!endPoint) return 'Give the address of the receiver, such as https://prometheus.example.com/api/v1/write.'
  const url = URL.canParse(endPoint) ? new URL(endPoint) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return 'The address begins with http:// or https://, such as https://prometheus.example.com/api/v1/write.'
  }
  if (url.username || url.password) return 'The address carries no user and no password: give them in their own fields.'
  if (url.hash) return 'The address of a receiver has no part after a #.'
  return endPoint.length > longestEndPoint ? `The address has at most ${longestEndPoint} characters.` : undefined
}

const isKnownAuth = (authType: string): authType is ExporterAuth =>
  (exporterAuths as readonly string[]).includes(authType)

function authTypeProblem(authType: string | undefined): string | undefined {
  if (authType === 'sigv4') {
    return 'Requests are not signed for AWS here: use noauth, basic or bearer, or a receiver that takes one of them.'
  }
  return authType && isKnownAuth(authType) ? undefined : `The authType is one of ${exporterAuths.join(', ')}.`
}

type SecretField = 'username' | 'password' | 'token'

const neededBy: Record<ExporterAuth, SecretField[]> = { noauth: [], basic: ['username', 'password'], bearer: ['token'] }

function secretProblems(given: GivenExporter, kept: { password: boolean; token: boolean }) {
  const { authType = '' } = given
  if (!isKnownAuth(authType)) return []
  const needed = neededBy[authType]
  const known = { ...kept, username: false }
  return (['username', 'password', 'token'] as const).map((field) => {
    const value = given[field]
    if (!needed.includes(field)) {
      return { field, message: value ? `With ${authType} no ${field} is sent: leave it out.` : undefined }
    }
    if (!value) return { field, message: known[field] ? undefined : missing(authType, field) }
    return { field, message: isSendable(field, value) ? undefined : unsendable[field] }
  })
}

const missing = (authType: string, field: SecretField) =>
  field === 'username'
    ? `With ${authType} a username is needed.`
    : `With ${authType} a ${field} is needed. One that was given before holds for its own receiver alone.`

const isSendable = (field: SecretField, value: string): boolean => {
  if (field === 'token') return /^[\x21-\x7e]{1,8192}$/.test(value)
  // oxlint-disable-next-line no-control-regex -- they would end the header.
  return !/[\x00-\x1f\x7f]/.test(value) && value.length <= 1_024 && (field !== 'username' || !value.includes(':'))
}

const unsendable: Record<SecretField, string> = {
  username: 'A username has at most 1024 characters, without a colon and without control characters.',
  password: 'A password has at most 1024 characters, without control characters.',
  token: 'A token has at most 8192 visible characters without spaces.',
}

/** What Millrace adds to every series. The first two tell series apart, so nobody may give them; the others a user's own replace. */
const ownLabelNames = ['instance_id', 'node']
const mostLabels = 32
const longestLabel = 1_024

function labelProblems(labels: MetricLabel[]): FieldProblem[] {
  const path = `${exporterPath}.labels`
  if (labels.length > mostLabels) return [{ path, message: `There are at most ${mostLabels} labels.` }]
  return labels.flatMap(({ name, value }, index) => {
    const isRepeated = labels.findIndex((label) => label.name === name) < index
    const message = isRepeated ? `The label "${name}" is given twice.` : labelProblem(name, value)
    return message ? [{ path: `${path}.${index}`, message }] : []
  })
}

function labelProblem(name: string, value: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
    return `A label's name has letters, digits and "_" and begins with no digit; this is "${name}".`
  }
  if (name.startsWith('__')) return `Names that begin with "__" are Prometheus' own; this is "${name}".`
  if (ownLabelNames.includes(name)) return `Millrace itself gives every series the label "${name}".`
  const isRight = value.length > 0 && value.length <= longestLabel
  return isRight ? undefined : `The value of the label "${name}" has 1 to ${longestLabel} characters.`
}

/** What its secrets are bound to: sealed for one receiver, they open for no other. */
export const exporterSecretOwner = (endPoint: string): string => `metrics-exporter/${new URL(endPoint).origin}`

/** As it may be told. */
export const withoutExporterSecrets = ({ prometheus }: MetricsExporter): MetricsExporter => {
  const { sealedPassword: _password, sealedToken: _token, ...told } = prometheus
  return { prometheus: told }
}

export type SeriesSource = {
  instance: { id: string; name: string; clusterId: string }
  /** Null: of the Instance as a whole. */
  kafkaId: number | null
  /** Given by the user. */
  given: MetricLabel[]
}

/**
 * The series of a sample as it is sent, in order of names. Whose label a name is: Millrace's own, the user's, the metric's; a
 * metric's own label of such a name is sent as `exported_…`, as Prometheus does.
 */
export function sentLabels({ name, labels }: MetricSample, { instance, kafkaId, given }: SeriesSource): MetricLabel[] {
  const added: Record<string, string> = {
    cluster: instance.clusterId,
    instance_name: instance.name,
    ...Object.fromEntries(given.map((label) => [label.name, label.value])),
    instance_id: instance.id,
    ...(kafkaId !== null && { node: String(kafkaId) }),
  }
  const own = Object.entries(labels).map(([key, value]) => [key in added ? `exported_${key}` : key, value] as const)
  return Object.entries({ ...Object.fromEntries(own), ...added, __name__: name })
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ({ name: key, value }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}
