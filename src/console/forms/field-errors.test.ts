import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Problem } from '../problem.ts'
import { fieldErrors } from './field-errors.ts'

const refused = (fields: { path: string; message: string }[], code = 'Instance.Invalid') =>
  new Problem({ status: 400, code, message: 'The first of them.', fields })

describe('what the server says of fields', () => {
  const fields = ['name', 'networks', 'networks.0.subnet', 'reservedAku']

  it('is shown at the field of that name', () => {
    const problem = refused([
      { path: 'name', message: 'too short' },
      { path: 'spec.reservedAku', message: 'too many' },
      { path: 'spec.networks.0.subnet', message: 'not in this zone' },
    ])
    const expected = { name: 'too short', reservedAku: 'too many', 'networks.0.subnet': 'not in this zone' }
    assert.deepEqual(fieldErrors(problem, fields), expected)
  })

  it('is shown at the nearest field above one that the form has not', () => {
    assert.deepEqual(fieldErrors(refused([{ path: 'spec.networks.2.zone', message: 'unknown' }]), fields), {
      networks: 'unknown',
    })
  })

  it('is left to the form where no field is near', () => {
    assert.deepEqual(fieldErrors(refused([{ path: 'tags.0.name', message: 'empty' }]), fields), {})
  })

  it('keeps the first of two at one field', () => {
    const twice = ['first', 'second'].map((message) => ({ path: 'name', message }))
    assert.deepEqual(fieldErrors(refused(twice), fields), { name: 'first' })
  })

  it('puts a name that is taken at the name', () => {
    assert.deepEqual(fieldErrors(refused([], 'Instance.NameTaken'), fields), { name: 'The first of them.' })
  })
})
