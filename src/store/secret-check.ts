import { sql } from 'kysely'
import type { Database, Tx } from './database.ts'
import type { SecretBox } from './secret-box.ts'

const word = 'millrace'
const owner = 'secret-check'

/**
 * Holds the key against the one that this database's secrets were sealed with, and seals anew what a former key sealed. Throws
 * an Error of one line when the key is another: better no start than secrets that nobody can open.
 */
export async function checkSecretKey(db: Database, environmentId: string, box: SecretBox): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const environments = tx.selectFrom('environments').select('secret_check').where('id', '=', environmentId)
    const { secret_check: sealed } = await environments.forUpdate().executeTakeFirstOrThrow()
    if (sealed !== null && !opens(sealed, box)) {
      throw new Error(
        'The secrets of this database were sealed with another key. Set MILLRACE_SECRET_KEY to it, or bring back the file secret.key of the home that they come from.',
      )
    }
    if (sealed !== null && !box.isOld(sealed)) return
    await resealAll(tx, box)
    const values = { secret_check: box.seal(word, owner) }
    await tx.updateTable('environments').set(values).where('id', '=', environmentId).execute()
  })
}

type Column = { table: string; column: string; type: string }

/** Sealed secrets lie in columns that are called so, and in what Instances are given. Each is unlike all others. */
async function resealAll(tx: Tx, box: SecretBox): Promise<void> {
  const { rows: columns } = await sql<Column>`
    select table_name as table, column_name as column, data_type as type from information_schema.columns
    where table_schema = current_schema()
      and (column_name like 'sealed\\_%' or (table_name = 'instances' and data_type = 'jsonb'))`.execute(tx)
  for (const one of columns) await resealColumn(tx, box, one)
}

async function resealColumn(tx: Tx, box: SecretBox, { table, column, type }: Column): Promise<void> {
  const [rows, value] = [sql.table(table), sql.ref(column)]
  const { rows: found } = await sql<{ text: string }>`
    select distinct ${value}::text as text from ${rows} where ${value}::text like '%v1.%'`.execute(tx)
  for (const { text } of found) {
    const anew = box.reseal(text)
    if (anew === text) continue
    await sql`update ${rows} set ${value} = ${anew}::${sql.raw(type)} where ${value}::text = ${text}`.execute(tx)
  }
}

function opens(sealed: string, box: SecretBox): boolean {
  try {
    return box.open(sealed, owner) === word
  } catch {
    return false
  }
}
