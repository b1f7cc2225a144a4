import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exporterProblems, sentLabels, withoutExporterSecrets, type GivenExporter } from './metrics-exporter.ts'

const none = { password: false, token: false }
const right: GivenExporter = { endPoint: 'https://prometheus.example.com/api/v1/write', authType: 'noauth' }
const paths = (given: GivenExporter, kept = none) =>
  exporterProblems(given, kept).map(({ path }) => path.replace('features.metricsExporter.prometheus.', ''))

describe('what may be asked for', () => {
  const cases: { name: string; given: GivenExporter; wrong: string[] }[] = [
    { name: 'an address alone', given: right, wrong: [] },
    { name: 'a path and a query', given: { ...right, endPoint: 'http://10.0.0.1:9090/write?db=1' }, wrong: [] },
    { name: 'no address', given: { authType: 'noauth' }, wrong: ['endPoint'] },
    { name: 'another scheme', given: { ...right, endPoint: 'ftp://example.com' }, wrong: ['endPoint'] },
    { name: 'no scheme', given: { ...right, endPoint: 'example.com/write' }, wrong: ['endPoint'] },
    {
      name: 'a password in the address',
      given: { ...right, endPoint: 'https://me:pw@example.com' },
      wrong: ['endPoint'],
    },
    { name: 'no way to sign in', given: { endPoint: right.endPoint }, wrong: ['authType'] },
    { name: 'AWS signatures', given: { ...right, authType: 'sigv4' }, wrong: ['authType'] },
    { name: 'basic', given: { ...right, authType: 'basic', username: 'me', password: 'pw' }, wrong: [] },
    { name: 'basic without anything', given: { ...right, authType: 'basic' }, wrong: ['username', 'password'] },
    {
      name: 'a user with a colon',
      given: { ...right, authType: 'basic', username: 'a:b', password: 'p' },
      wrong: ['username'],
    },
    { name: 'bearer', given: { ...right, authType: 'bearer', token: 'abc' }, wrong: [] },
    {
      name: 'a token that would end its header',
      given: { ...right, authType: 'bearer', token: 'a\r\nb' },
      wrong: ['token'],
    },
    { name: 'a password that nobody would be sent', given: { ...right, password: 'pw' }, wrong: ['password'] },
    {
      name: 'labels',
      given: {
        ...right,
        labels: [
          { name: 'cluster', value: 'prod' },
          { name: 'job', value: 'kafka' },
        ],
      },
      wrong: [],
    },
    {
      name: 'a label twice',
      given: {
        ...right,
        labels: [
          { name: 'a', value: '1' },
          { name: 'a', value: '2' },
        ],
      },
      wrong: ['labels.1'],
    },
    {
      name: 'a label that tells nodes apart',
      given: { ...right, labels: [{ name: 'node', value: '1' }] },
      wrong: ['labels.0'],
    },
    {
      name: 'a label of Prometheus',
      given: { ...right, labels: [{ name: '__name__', value: 'x' }] },
      wrong: ['labels.0'],
    },
    {
      name: 'a label that is no name',
      given: { ...right, labels: [{ name: 'team-a', value: 'x' }] },
      wrong: ['labels.0'],
    },
    { name: 'an empty label', given: { ...right, labels: [{ name: 'team', value: '' }] }, wrong: ['labels.0'] },
  ]
  for (const { name, given, wrong } of cases) test(name, () => assert.deepEqual(paths(given), wrong))

  test('a secret that stands need not be given again', () => {
    assert.deepEqual(paths({ ...right, authType: 'bearer' }, { ...none, token: true }), [])
  })
})

describe('the labels of a series', () => {
  const instance = { id: 'kf-1', name: 'orders', clusterId: 'C1' }
  const text = (labels: { name: string; value: string }[]) => labels.map(({ name, value }) => `${name}=${value}`).join()

  test('come in order, with the Instance and the node', () => {
    const sample = { name: 'kafka_up', labels: { topic: 't' }, value: 1 }
    const labels = sentLabels(sample, { instance, kafkaId: 2, given: [{ name: 'env', value: 'prod' }] })
    assert.equal(
      text(labels),
      '__name__=kafka_up,cluster=C1,env=prod,instance_id=kf-1,instance_name=orders,node=2,topic=t',
    )
  })

  test('never collide: the user replaces the cluster, and the metric gives way', () => {
    const sample = { name: 'x', labels: { cluster: 'mine', node: '9', env: 'inner' }, value: 1 }
    const given = [
      { name: 'cluster', value: 'prod' },
      { name: 'env', value: 'outer' },
    ]
    assert.equal(
      text(sentLabels(sample, { instance, kafkaId: null, given })),
      '__name__=x,cluster=prod,env=outer,exported_cluster=mine,exported_env=inner,instance_id=kf-1,instance_name=orders,node=9',
    )
  })
})

test('secrets are not told, not even sealed', () => {
  const told = withoutExporterSecrets({
    prometheus: {
      endPoint: 'http://a',
      authType: 'basic',
      username: 'me',
      sealedPassword: 'v1.x',
      sealedToken: 'v1.y',
    },
  })
  assert.deepEqual(told, { prometheus: { endPoint: 'http://a', authType: 'basic', username: 'me' } })
})
