import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { leftoverListeners } from './listener-owner.ts'
import { listenersIn, listenersOn, listListeners } from './listeners.ts'

const table4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0401007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000 100 0 0 10 0
   1: 00000000:2385 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000 100 0 0 10 0
   2: 0401007F:2384 0401007F:C000 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0000 100 0 0 10 0`
const table6 = `  sl  local_address                         remote_address                        st
   0: 0000000000000000FFFF00000502007F:2384 00000000000000000000000000000000:0000 0A 0:0 0:0 0 1000 0 4714 1
   1: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0:0 0 1000 0 4715 1`

test('reads listening sockets and nothing else', () => {
  assert.deepEqual(listenersIn(table4), [
    { address: '127.0.1.4', port: 9092, uid: 1000, inode: 4711 },
    { address: '*', port: 9093, uid: 0, inode: 4712 },
  ])
})

test('reads addresses of version 4 in the table of version 6', () => {
  assert.deepEqual(
    listenersIn(table6).map(({ address, port }) => `${address}:${port}`),
    ['127.0.2.5:9092', '*:8080'],
  )
})

test('takes a listener on every address for one on each', () => {
  assert.equal(listenersOn(listenersIn(table4), '127.0.3.3', 9093).length, 1)
  assert.equal(listenersOn(listenersIn(table4), '127.0.3.3', 9092).length, 0)
})

test('sees a real one, and that a living process holds it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    assert.equal(listenersOn(await listListeners(), '127.0.0.1', port).length, 1)
    assert.deepEqual(await leftoverListeners('127.0.0.1', [port]), [])
  } finally {
    server.close()
  }
})
