import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { metricsExporterFor } from './metrics-exporter.ts'

describe('the exporter that a node starts with', () => {
  let home: string
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'millrace-exporter-'))
    const libs = join(home, 'kafka/jmx-exporter-1.0.1/libs')
    await mkdir(libs, { recursive: true })
    await writeFile(join(libs, 'jmx_prometheus_javaagent-1.0.1.jar'), '')
    await writeFile(join(home, 'kafka/jmx-exporter.yml'), '')
  })
  after(() => rm(home, { recursive: true, force: true }))

  const slot = { address: '127.0.3.200', port: 9092, controllerPort: 9093 }

  test('listens on the address of the node alone', async () => {
    const exporter = await metricsExporterFor(home, slot)
    assert.equal(exporter?.port, 9099)
    assert.match(exporter.argument, /^-javaagent:.*\.jar=127\.0\.3\.200:9099:.*\/jmx-exporter\.yml$/)
  })

  test('is left out where somebody holds its port: it would end the node', async () => {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const shared = { address: '127.0.0.1', port: port - 3_501, controllerPort: port - 3_500 }
    assert.equal(await metricsExporterFor(home, shared), null)
    await once(server.close(), 'close')
  })

  test('is left out where it was never brought', async () => {
    assert.equal(await metricsExporterFor(join(home, 'nowhere'), slot), null)
  })
})
