import type { Actor } from '../../domain/permission.ts'
import { insertAuditEvent } from '../../store/audit-events.ts'
import type { Tx } from '../../store/database.ts'
import type { ServiceContext } from '../context.ts'

/** A change of who may come in: of whom, by whom, and what is otherwise now. Never a password, never a key's secret half. */
export type AccountChange = { action: string; subject: string; actor: Actor; before?: unknown; after?: unknown }

type Recorder = Pick<ServiceContext, 'environmentId' | 'now'>

export async function recordChange(tx: Tx, { environmentId, now }: Recorder, change: AccountChange): Promise<void> {
  const { action, actor, ...detail } = change
  const about = { environmentId, instanceId: null, operationId: null }
  await insertAuditEvent(tx, { ...about, action, actor, detail, createdAt: now() })
}
