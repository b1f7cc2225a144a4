import { resealAccessKeys } from './access-keys.ts'
import type { Database } from './database.ts'
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
    await resealAccessKeys(tx, environmentId, box)
    const values = { secret_check: box.seal(word, owner) }
    await tx.updateTable('environments').set(values).where('id', '=', environmentId).execute()
  })
}

function opens(sealed: string, box: SecretBox): boolean {
  try {
    return box.open(sealed, owner) === word
  } catch {
    return false
  }
}
