import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createAuthority, issueCertificate } from '../../../src/security/authority.ts'
import { clientFrom, type Answer, type Client } from '../../harness/client.ts'
import { newInstance } from '../../harness/instances.ts'
import { makeProviderClient } from '../../harness/provider-client.ts'
import type { KeyPair } from '../../harness/signed-client.ts'
import { processArguments } from '../../harness/process-arguments.ts'
import { until } from '../../harness/until.ts'
import { documentedCalls, isLasting } from '../../guards/documented-calls.ts'
import { startWatchedMillrace, type WatchedMillrace } from './watched-millrace.ts'

/**
 * Everything that has a secret is made, used, changed and refused; then whatever Millrace keeps, prints and tells is searched
 * for it. A secret stands in the one answer that hands it out, and lies sealed where it is needed again, and nowhere else.
 */
type Secret = { what: string; text: string }

const now = new Date()
const authority = await createAuthority('Our company', now)
const issued = () => {
  return issueCertificate(authority, { commonName: 'kafka', dnsNames: ['kafka.test'], addresses: [], now, days: 30 })
}
const [first, second, stranger] = [await issued(), await issued(), await issued()]
const ownOf = ({ certificate, privateKey }: typeof first) => ({
  certificateAuthority: authority.certificate,
  certificateChain: certificate + authority.certificate,
  privateKey,
})
/** A line of a key stands for the key: a newline is written in many ways. */
const lineOf = (privateKey: string): string => privateKey.split('\n')[1]!

const initial: KeyPair = { accessKey: 'INITIALACCESSKEY', secretKey: 'marked-initial-secret-key' }
const passwords = { first: 'marked-First-1', next: 'marked-Next-2', wrong: 'marked-Wrong-3', anna: 'marked-Anna-4' }
const ofUser = {
  first: 'marked-user-1',
  next: 'marked-user-2',
  refused: `marked-user-3-${'x'.repeat(60)}`,
  unquoted: 'pw-7Qz!',
}

const ofSetting = 'marked-delegation-token'
const ofExporter = { password: 'marked-exporter-password', token: 'marked-exporter-token', refused: 'marked-refused' }

describe('secrets', () => {
  let millrace: WatchedMillrace
  let admin: Client
  /** What was answered, but for what hands a secret out. */
  const answers: string[] = []
  const forgotten: Secret[] = [
    ...Object.entries(passwords).map(([what, text]) => ({ what: `the password ${what}`, text })),
    ...Object.entries(ofUser).map(([what, text]) => ({ what: `the user password ${what}`, text })),
    { what: 'the exporter’s password before its token', text: ofExporter.password },
    { what: 'the exporter’s token that was refused', text: ofExporter.refused },
    { what: 'the setting that was refused', text: ofSetting },
    { what: 'the key that was refused', text: lineOf(stranger.privateKey) },
    { what: 'the key before the exchange', text: lineOf(first.privateKey) },
  ]
  const sealed: Secret[] = [
    { what: 'the exporter’s token', text: ofExporter.token },
    { what: 'the initial secret key', text: initial.secretKey },
    { what: 'the key of the own certificate', text: lineOf(second.privateKey) },
  ]

  before(async () => {
    millrace = await startWatchedMillrace({
      MILLRACE_INITIAL_PASSWORD: passwords.first,
      MILLRACE_INITIAL_ACCESS_KEY: initial.accessKey,
      MILLRACE_INITIAL_SECRET_KEY: initial.secretKey,
    })
    forgotten.push({ what: 'the key of secrets', text: millrace.secretKey })
    admin = await signIn('admin', passwords.first)
    await changePassword()
    await inviteMember()
    await makeServiceAccount()
    await makeInstance()
  })
  after(() => millrace?.[Symbol.asyncDispose]())

  const send = async (cookie: string, path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(millrace.url + path, { ...init, headers: { cookie, ...init.headers } })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }

  const clientWith = (cookie: string): Client => {
    return clientFrom((method, path, init) => send(cookie, path, { ...init, method }))
  }

  /** Keeps what was said, which must be what was expected. */
  function told(answer: Answer, status: number): Answer {
    assert.equal(answer.status, status, answer.text)
    answers.push(answer.text)
    return answer
  }

  /** The one answer that holds it. */
  function handedOut(answer: Answer, { what, text }: Secret, kept: Secret[]): string {
    assert.ok(answer.status < 300 && answer.text.includes(text), `${what}: ${answer.text}`)
    kept.push({ what, text })
    return text
  }

  async function signIn(user: string, password: string): Promise<Client> {
    const { headers } = told(await clientWith('').post('/sessions', { user, password }), 201)
    const cookie = headers.get('set-cookie')!.split(';')[0]!
    forgotten.push({ what: `the session of ${user}`, text: cookie.split('=')[1]! })
    return clientWith(cookie)
  }

  async function changePassword(): Promise<void> {
    told(await clientWith('').post('/sessions', { user: 'admin', password: passwords.wrong }), 401)
    const body = { currentPassword: passwords.first, newPassword: passwords.next }
    told(await admin.put('/members/current/password', { ...body, currentPassword: passwords.wrong }), 400)
    told(await admin.put('/members/current/password', body), 204)
    told(await clientWith('').post('/sessions', `{"user": "admin", "password": "${passwords.next}" and so on`), 400)
  }

  async function inviteMember(): Promise<void> {
    const once = (answer: Answer, what: string) =>
      handedOut(answer, { what, text: answer.body.oneTimePassword }, forgotten)
    const invited = await admin.post('/members', { name: 'anna', role: 'viewer' })
    const oneTime = once(invited, 'the one-time password')
    const anna = await signIn('anna', oneTime)
    const body = { currentPassword: oneTime, newPassword: passwords.anna }
    told(await anna.put('/members/current/password', body), 204)
    once(await admin.post(`/members/${invited.body.member.memberId}:reset`), 'the password of a reset')
  }

  async function makeServiceAccount(): Promise<void> {
    const pairOf = (answer: Answer, what: string): KeyPair => {
      handedOut(answer, { what, text: answer.body.keyPair.secretKey }, sealed)
      return answer.body.keyPair
    }
    const made = await admin.post(
      '/service-accounts',
      { name: 'terraform', role: 'operator' },
      { 'idempotency-key': 'a' },
    )
    const rotation = `/service-accounts/${made.body.serviceAccount.serviceAccountId}:rotate`
    const pairs = [
      initial,
      pairOf(made, 'the secret key of an account'),
      pairOf(await admin.post(rotation, { overlapSeconds: 600 }), 'the secret key after a rotation'),
    ]
    const asked = { method: 'GET', target: '/api/v1/instances' }
    const { url, environmentId } = millrace
    for (const pair of pairs) {
      const seat = { url, environmentId, now: () => new Date() }
      told(await makeProviderClient({ ...seat, pair })(asked), 200)
      told(await makeProviderClient({ ...seat, pair: { ...pair, secretKey: 'wrong' } })(asked), 401)
    }
  }

  async function makeInstance(): Promise<void> {
    const security = { authenticationMethods: ['sasl', 'mtls'], transitEncryptionModes: ['tls'] }
    const bodyWith = (own: object) => newInstance({ features: { security: { ...security, ...own } } })
    const mixed = { ...ownOf(first), privateKey: stranger.privateKey }
    const whole = ownOf(stranger)
    for (const field of ['certificateChain', 'certificateAuthority'] as const) {
      const pasted = { ...whole, [field]: whole[field] + stranger.privateKey }
      told(await admin.post('/instances', bodyWith(pasted)), 400)
    }
    told(await admin.post('/instances', bodyWith(mixed)), 400)
    told(await admin.post('/instances', `${JSON.stringify(bodyWith(mixed))} and so on`), 400)
    told(await admin.post('/instances?dryRun=true', bodyWith(ownOf(first))), 200)
    const { instanceId } = told(await admin.post('/instances', bodyWith(ownOf(first))), 201).body
    const path = `/instances/${instanceId}`
    const runs = async () => (await admin.get(path)).body.state === 'Running'
    await until(runs, 60_000)
    const exchanged = { features: { security: ownOf(second) } }
    told(await admin.patch(path, { features: { security: mixed } }), 400)
    told(await admin.patch(`${path}?dryRun=true`, exchanged), 200)
    told(await admin.patch(path, exchanged), 200)
    const instanceConfigs = [{ key: 'delegation.token.secret.key', value: ofSetting }]
    told(await admin.post('/instances', newInstance({ features: { instanceConfigs } })), 400)
    told(await admin.post('/instances?dryRun=true', newInstance({ features: { instanceConfigs } })), 400)
    await until(runs, 60_000)
    told(await admin.post(`${path}/topics`, { name: 'orders' }), 201)
    await makeUsers(`${path}/users`)
    await sendMetricsOn(path)
  }

  async function sendMetricsOn(path: string): Promise<void> {
    // Nobody listens there: what is said of each try must not hold it either.
    const given = (prometheus: object) => {
      const endPoint = 'http://127.0.0.1:9/api/v1/write'
      return { features: { metricsExporter: { prometheus: { enabled: true, endPoint, ...prometheus } } } }
    }
    const { password, token, refused } = ofExporter
    const basic = given({ authType: 'basic', username: 'writer', password })
    told(await admin.patch(`${path}?dryRun=true`, basic), 200)
    told(await admin.patch(path, basic), 200)
    told(await admin.patch(path, given({ authType: 'sigv4', token: refused })), 400)
    told(await admin.patch(path, given({ authType: 'bearer', token })), 200)
  }

  async function makeUsers(path: string): Promise<void> {
    const made = (answer: Answer, what: string) => handedOut(answer, { what, text: answer.body.password }, forgotten)
    told(await admin.post(path, { name: 'svc-orders', password: ofUser.first }), 201)
    told(await admin.post(path, { name: 'svc-orders', password: ofUser.next }), 409)
    told(await admin.post(path, { name: 'svc-refused', password: ofUser.refused }), 400)
    told(await admin.post(path, `{"name": "svc-refused", "password": ${ofUser.unquoted}}`), 400)
    told(await admin.post(`${path}/svc-orders:rotate`, { password: ofUser.next }), 200)
    made(await admin.post(path, { name: 'svc-made' }), 'the password that was made')
    made(await admin.post(`${path}/svc-made:rotate`, {}), 'the password of a rotation')
  }

  const holdsNone = (text: string, where: string) => {
    for (const secret of [...forgotten, ...sealed]) {
      for (const form of formsOf(secret.text)) assert.ok(!text.includes(form), `${secret.what} is in ${where}`)
    }
  }

  test('are in no answer but the one that hands them out', () => {
    assert.ok(answers.length > 15)
    holdsNone(answers.join('\n'), 'an answer')
  })

  test('are in nothing that can be read', async () => {
    const ids = await someIds(admin)
    for (const { name, path } of documentedCalls.filter((one) => one.method === 'GET' && !isLasting(one))) {
      const target = path.replace(/\{(\w+)\}/g, (_whole, id: string) => ids[id] ?? 'none')
      const { status, text } = await admin.send('GET', target + (asked[path] ?? ''))
      // The simulated Kafka has no consumers.
      assert.equal(status, path.includes('{groupId}') ? 404 : 200, `${name}: ${text}`)
      holdsNone(text, name)
    }
  })

  test('are in no table as they are', async () => holdsNone(await millrace.databaseText(), 'the database'))

  test('are not in what is printed, however much is', () => {
    assert.match(millrace.printed(), /Millrace is ready/)
    holdsNone(millrace.printed(), 'the log')
  })

  test('are in the arguments of no process', async () => holdsNone(await processArguments(), 'the list of processes'))

  test('lie sealed where they are needed again, and those that are not lie nowhere', async () => {
    const opened = (await millrace.opened()).join('\n')
    for (const { what, text } of sealed) assert.ok(opened.includes(text), what)
    for (const { what, text } of forgotten) assert.ok(!opened.includes(text), what)
  })
})

/** What cannot be read without a question, and what would otherwise be cut. */
const asked: Record<string, string> = {
  '/api/v1/instances/{instanceId}/what-if': '?node=1',
  '/api/v1/events': '?limit=1000',
  '/api/v1/audit-events': '?size=200',
}

/** As somebody may have written it down: as it is, and in the usual coats. */
const formsOf = (text: string): string[] => [
  text,
  Buffer.from(text).toString('hex'),
  Buffer.from(text).toString('base64').replace(/.?=*$/, ''),
  ...(encodeURIComponent(text) === text ? [] : [encodeURIComponent(text)]),
]

async function someIds(admin: Client): Promise<Record<string, string>> {
  const first = async (path: string) => (await admin.get(path)).body.list[0]
  const { instanceId } = await first('/instances')
  const { operationId } = await first('/operations')
  const { memberId } = await first('/members')
  const { serviceAccountId } = await first('/service-accounts')
  const { topicId } = await first(`/instances/${instanceId}/topics`)
  return { instanceId, operationId, memberId, serviceAccountId, topicId, version: '4.3.1' }
}
