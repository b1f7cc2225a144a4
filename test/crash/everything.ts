import type { Trial } from './scenarios.ts'

/** All rows that an Operation may write, for a look before and a look after. */
export async function everything({ stage: { db }, instanceId, operationId }: Trial) {
  const [instance, nodes, operations, steps, events] = await Promise.all([
    db.selectFrom('instances').selectAll().where('id', '=', instanceId).execute(),
    db.selectFrom('nodes').selectAll().where('instance_id', '=', instanceId).orderBy('kafka_id').execute(),
    db.selectFrom('operations').selectAll().where('instance_id', '=', instanceId).orderBy('created_at').execute(),
    db.selectFrom('steps').selectAll().where('operation_id', '=', operationId).orderBy('seq').execute(),
    db.selectFrom('events').selectAll().where('instance_id', '=', instanceId).orderBy('id').execute(),
  ])
  return { instance, nodes, operations, steps, events }
}
