import { randomBytes } from 'node:crypto'
import { accessKeyFrom, serviceAccountIdFrom } from '../../src/domain/id.ts'
import type { ServiceAccount } from '../../src/domain/service-account.ts'
import { signRequest } from '../../src/domain/sign-request.ts'
import { insertAccessKey } from '../../src/store/access-keys.ts'
import { insertServiceAccount } from '../../src/store/service-accounts.ts'
import { environmentId, secrets, type TestApp } from './app.ts'
import { clientFrom, origin, sendTo, type Client } from './client.ts'

/** Asks the API as a service account: each request is signed at the moment of the app's clock. */
export type KeyPair = { accessKey: string; secretKey: string }

export function makeSignedClient(app: TestApp, pair: KeyPair): Client {
  const send = sendTo(app.http)
  return clientFrom(async (method, path, init = {}) => {
    return await send(method, path, { ...init, headers: await signedHeaders(app, pair, { method, path, ...init }) })
  })
}

type Asked = RequestInit & { method: string; path: string }

/** All headers of a request of this account. */
export async function signedHeaders(app: TestApp, pair: KeyPair, { method, path, headers, body }: Asked) {
  const request = {
    method,
    url: new URL(path, origin),
    headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
    ...(typeof body === 'string' && { body }),
  }
  return await signRequest(request, { ...pair, environmentId }, app.now())
}

/** A service account in the database, and a client that signs with its key. */
export async function addServiceAccount(app: TestApp, more: Partial<ServiceAccount> = {}) {
  const account: ServiceAccount = {
    id: serviceAccountIdFrom(randomBytes(16)),
    environmentId,
    name: `program-${randomBytes(4).toString('hex')}`,
    role: 'administrator',
    instanceIds: null,
    expiresAt: null,
    disabledAt: null,
    createdBy: 'administrator',
    createdAt: app.now(),
    ...more,
  }
  const pair = { accessKey: accessKeyFrom(randomBytes(16)), secretKey: randomBytes(16).toString('hex') }
  await app.database.db.transaction().execute(async (tx) => {
    await insertServiceAccount(tx, account)
    const { accessKey, secretKey } = pair
    const key = { accessKey, serviceAccountId: account.id, createdAt: app.now(), endsAt: null, lastUsedAt: null }
    await insertAccessKey(tx, key, { secretKey, box: secrets })
  })
  return { account, pair, client: makeSignedClient(app, pair) }
}
