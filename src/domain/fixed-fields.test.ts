import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppError } from './errors.ts'
import { refuseFixed, restatedWords, type Restated } from './fixed-fields.ts'

const bare = { spec: { reservedAku: 3, networks: [{ zone: 'a', subnet: 'subnet-a' }] }, features: {} }
const spoken = {
  spec: { ...bare.spec, pricingMode: 'SubscriptionBased', deployType: 'IAAS' },
  features: { walMode: 'EBSWAL', schemaRegistryEnabled: false },
}
const said = ({ spec = {}, features = {} }: Partial<Restated>): Restated => ({ spec, features })

describe('what is fixed', () => {
  const alike: Partial<Restated>[] = [
    {},
    { spec: { pricingMode: 'SubscriptionBased' } },
    { spec: { deployType: 'IAAS' } },
    // As a database gives it back, and as a person wrote it: the order of fields says nothing.
    { spec: { networks: [{ subnet: 'subnet-a', zone: 'a' }] } },
    { features: { walMode: 'EBSWAL', schemaRegistryEnabled: false } },
    // What was never set may be said to be empty.
    { spec: { region: '', nodeConfig: { paymentPeriod: 0 }, beside: { accesses: [] } } },
    { spec: { nodeConfig: { instanceTypes: ['small'] } } },
  ]
  for (const part of alike) {
    test(`may be said again as ${JSON.stringify(part)}, whether it was said before or not`, () => {
      for (const present of [bare, spoken]) assert.doesNotThrow(() => refuseFixed(present, said(part)))
    })
  }

  const others: [part: Partial<Restated>, path: string, is: string][] = [
    [{ spec: { pricingMode: 'UsageBased' } }, 'spec.pricingMode', '"SubscriptionBased"'],
    [{ spec: { deployType: 'K8S' } }, 'spec.deployType', '"IAAS"'],
    [{ spec: { networks: [] } }, 'spec.networks', '[{"zone":"a","subnet":"subnet-a"}]'],
    [{ spec: { networks: [{ zone: 'a' }] } }, 'spec.networks', '[{"zone":"a","subnet":"subnet-a"}]'],
    [{ spec: { region: 'x' } }, 'spec.region', '""'],
    [{ spec: { nodeConfig: { paymentPeriod: 1 } } }, 'spec.nodeConfig.paymentPeriod', '0'],
    [{ spec: { beside: { clusterId: 'x' } } }, 'clusterId', '""'],
    [{ features: { walMode: 'S3WAL' } }, 'features.walMode', '"EBSWAL"'],
    [{ features: { schemaRegistryEnabled: true } }, 'features.schemaRegistryEnabled', 'false'],
  ]
  for (const [part, path, is] of others) {
    test(`cannot become ${JSON.stringify(part)}`, () => {
      for (const present of [bare, spoken]) {
        assert.throws(
          () => refuseFixed(present, said(part)),
          (thrown) => {
            assert.ok(thrown instanceof AppError)
            assert.deepEqual([thrown.kind, thrown.code, thrown.detail], ['invalid', 'Instance.UnsupportedChange', path])
            assert.match(thrown.message, /Nothing was changed/)
            const message = `This is fixed once the Instance is made: it is ${is}.`
            assert.deepEqual(thrown.fields, [{ path, message }])
            return true
          },
        )
      }
    })
  }
})

test('a type that was named cannot be taken away', () => {
  const present = { ...bare, spec: { ...bare.spec, nodeConfig: { instanceTypes: ['small'] } } }
  const saying = (instanceTypes: string[]) => () =>
    refuseFixed(present, said({ spec: { nodeConfig: { instanceTypes } } }))
  assert.throws(saying([]), /spec\.nodeConfig\.instanceTypes/)
  assert.throws(saying(['big']), /spec\.nodeConfig\.instanceTypes/)
  assert.doesNotThrow(saying(['small']))
})

describe('what is said again', () => {
  test('leaves what was said beside it', () => {
    const present = { ...bare, spec: { ...bare.spec, nodeConfig: { paymentType: '' }, beside: { clusterId: '' } } }
    const part = said({ spec: { nodeConfig: { paymentPeriod: 0 }, beside: { accesses: [] } } })
    const { nodeConfig, beside } = restatedWords(present, part)!.spec
    assert.deepEqual(
      [nodeConfig, beside],
      [
        { paymentType: '', paymentPeriod: 0 },
        { clusterId: '', accesses: [] },
      ],
    )
  })

  test('is kept, to be echoed', () => {
    const part = said({
      spec: { pricingMode: 'SubscriptionBased', nodeConfig: { instanceTypes: ['small'] } },
      features: { schemaRegistryEnabled: false },
    })
    assert.deepEqual(restatedWords(bare, part), {
      spec: { ...bare.spec, ...part.spec },
      features: { schemaRegistryEnabled: false },
    })
  })

  test('changes nothing when it was said so before', () => {
    assert.equal(restatedWords(spoken, said(spoken)), null)
    assert.equal(restatedWords(bare, said({})), null)
  })

  test('keeps security in the words that were said last, where they mean the same', () => {
    const present = { ...bare, features: { security: { authenticationMethods: ['anonymous', 'sasl'] } } }
    const after = (security: Restated['features']['security'] & object) =>
      restatedWords(present, said({ features: { security } }))?.features.security
    assert.deepEqual(after({ dataEncryptionMode: 'NONE', tlsHostnameValidationEnabled: true }), {
      authenticationMethods: ['anonymous', 'sasl'],
      dataEncryptionMode: 'NONE',
      tlsHostnameValidationEnabled: true,
    })
    assert.equal(after({ authenticationMethods: ['sasl'] }), undefined, 'that is for the change')
    assert.equal(after({ authenticationMethods: ['anonymous', 'sasl'] }), undefined)
  })

  const settings = (...keys: string[]) => keys.map((key) => ({ key, value: '1' }))

  test('keeps settings in the order they were said last, and other settings for the change', () => {
    const present = { ...bare, features: { instanceConfigs: settings('a', 'b') } }
    const inOrder = (...keys: string[]) =>
      restatedWords(present, said({ features: { instanceConfigs: settings(...keys) } }))
    assert.deepEqual(inOrder('b', 'a')?.features, { instanceConfigs: settings('b', 'a') })
    assert.equal(inOrder('a', 'b'), null)
    assert.equal(inOrder('a', 'c'), null)
    assert.equal(restatedWords(bare, said({ features: { instanceConfigs: [] } })), null)
  })
})
