import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

/**
 * The HCL of the guide is such as Terraform reads and formats. Whether its provider takes it, `terraform validate` would say; that
 * needs the provider, which is to be had from its registry alone.
 */
const guide = join(import.meta.dirname, '../../docs/terraform.md')
const terraform = (...words: string[]) =>
  spawnSync('terraform', words, { encoding: 'utf8', env: { ...process.env, CHECKPOINT_DISABLE: '1' } })

const isHere = terraform('version').status === 0

test('the HCL of the guide is read and formatted by Terraform', { skip: !isHere && 'no terraform here' }, async () => {
  const blocks = [...(await readFile(guide, 'utf8')).matchAll(/^```hcl\n(.*?)^```$/gms)].map(([, hcl]) => hcl!)
  assert.ok(blocks.length >= 2)
  const folder = await mkdtemp(join(tmpdir(), 'millrace-hcl-'))
  try {
    await Promise.all(blocks.map((hcl, index) => writeFile(join(folder, `${index}.tf`), hcl)))
    const { status, stdout, stderr } = terraform('fmt', '-check', '-diff', '-no-color', folder)
    assert.equal(status, 0, stdout + stderr)
  } finally {
    await rm(folder, { recursive: true })
  }
})
