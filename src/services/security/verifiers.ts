import type { InstanceId } from '../../domain/id.ts'
import type { PlainVerifier } from '../../domain/plain-verifier.ts'
import { listPlainVerifiers, putPlainVerifier } from '../../store/plain-verifiers.ts'
import type { Database } from '../../store/database.ts'
import type { SecretBox } from '../../store/secret-box.ts'

/** Verifiers of SASL PLAIN as the database keeps them: one cannot sign in with them, but guess at passwords. So they lie sealed. */
type Ground = { db: Database; secrets: SecretBox }
type Sealed = Omit<PlainVerifier, 'name'>

const ownerOf = (instanceId: InstanceId, name: string) => `plain-verifier/${instanceId}/${name}`

/** Of all users of an Instance who have one. */
export async function verifiersOf({ db, secrets }: Ground, instanceId: InstanceId): Promise<PlainVerifier[]> {
  const rows = await listPlainVerifiers(db, instanceId)
  return rows.map(({ userName: name, sealed }) => {
    const verifier = JSON.parse(secrets.open(sealed, ownerOf(instanceId, name))) as Sealed
    return { name, ...verifier }
  })
}

export async function keepVerifier(
  { db, secrets }: Ground,
  instanceId: InstanceId,
  { name, ...verifier }: PlainVerifier,
): Promise<void> {
  const sealed = secrets.seal(JSON.stringify(verifier satisfies Sealed), ownerOf(instanceId, name))
  await putPlainVerifier(db, instanceId, { userName: name, sealed })
}
