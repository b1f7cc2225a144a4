import { serviceAccountIdFrom } from '../../domain/id.ts'
import { millraceItself } from '../../domain/permission.ts'
import { hasAuditEvent } from '../../store/audit-events.ts'
import { holdEnvironment } from '../../store/environments.ts'
import { insertServiceAccount, listServiceAccounts } from '../../store/service-accounts.ts'
import { recordChange } from '../audit/record-change.ts'
import type { ServiceContext } from '../context.ts'
import { addKeyPair, type KeyPair } from './key-pair.ts'

type InitialContext = Pick<ServiceContext, 'db' | 'environmentId' | 'secrets' | 'now' | 'random'>

const action = 'service-account.create'
const actor = millraceItself

/**
 * Makes the first service account, an administrator with the key pair of the settings, where there is none yet: Terraform
 * works before anybody has opened a page. Several processes may start at once: one makes it. The audit tells whether it was made
 * before: once deleted, a pair that may have leaked never comes back by itself.
 */
export async function ensureInitialAccount(context: InitialContext, pair: KeyPair | undefined): Promise<void> {
  const { db, environmentId, now, random } = context
  if (!pair) return
  await db.transaction().execute(async (tx) => {
    await holdEnvironment(tx, environmentId)
    const { total } = await listServiceAccounts(tx, { environmentId, page: 1, size: 1 })
    if (total > 0 || (await hasAuditEvent(tx, { environmentId, action, actor }))) return
    const account = {
      id: serviceAccountIdFrom(random(16)),
      environmentId,
      name: 'initial',
      role: 'administrator' as const,
      instanceIds: null,
      expiresAt: null,
      disabledAt: null,
      createdBy: actor.name,
      createdAt: now(),
    }
    await insertServiceAccount(tx, account)
    await addKeyPair(tx, context, { accountId: account.id, pair })
    const after = { role: account.role, accessKey: pair.accessKey }
    await recordChange(tx, context, { action, subject: account.name, actor, after })
  })
}
