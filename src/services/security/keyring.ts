import { certificateLife } from '../../domain/certificate-life.ts'
import type { InstanceId } from '../../domain/id.ts'
import {
  authorityCommonName,
  millraceCommonName,
  nodeCommonName,
  type ClientIdentity,
  type Keyring,
  type NodeStores,
  type StoresQuestion,
} from '../../domain/keyring.ts'
import { createAuthority, issueCertificate, type KeyAndCertificate } from '../../security/authority.ts'
import { pkcs8Of } from '../../security/own-chain.ts'
import type { Database } from '../../store/database.ts'
import { findInstanceAuthority, insertInstanceAuthority } from '../../store/instance-authorities.ts'
import type { SecretBox } from '../../store/secret-box.ts'
import { sealedKeyOwner } from './seal-own-key.ts'
import { verifiersOf } from './verifiers.ts'

/**
 * Keys from the database, opened when they are needed. An authority is made when its Instance first needs one, and all else is
 * issued from it: nothing but the authority's key and the user's own is ever stored.
 */
export type KeyringGround = { db: Database; secrets: SecretBox; now(): Date }

const identityFreshMs = 86_400_000

export function makeKeyring(ground: KeyringGround): Keyring {
  const identities = new Map<InstanceId, { identity: Promise<ClientIdentity>; since: number }>()
  return {
    storesFor: (question) => storesFor(ground, question),
    identityFor(instanceId) {
      const known = identities.get(instanceId)
      const now = ground.now().getTime()
      if (known && now - known.since < identityFreshMs) return known.identity
      const identity = identityFor(ground, instanceId)
      identities.set(instanceId, { identity, since: now })
      identity.catch(() => identities.delete(instanceId))
      return identity
    },
    verifiersFor: (instanceId) => verifiersOf(ground, instanceId),
  }
}

const authorityOwner = (instanceId: InstanceId) => `instance-authority/${instanceId}`

/** Made by whoever needs it first; of two at once, the first written stays. */
export async function authorityOf(
  { db, secrets, now }: KeyringGround,
  instanceId: InstanceId,
): Promise<KeyAndCertificate> {
  const owner = authorityOwner(instanceId)
  let found = await findInstanceAuthority(db, instanceId)
  if (!found) {
    const made = await createAuthority(authorityCommonName(instanceId), now())
    const sealedKey = secrets.seal(made.privateKey, owner)
    await insertInstanceAuthority(db, instanceId, { certificate: made.certificate, sealedKey, now: now() })
    found = await findInstanceAuthority(db, instanceId)
  }
  return { certificate: found!.certificate, privateKey: secrets.open(found!.sealedKey, owner) }
}

async function storesFor(ground: KeyringGround, question: StoresQuestion): Promise<NodeStores> {
  const { instanceId, kafkaId, address, own } = question
  const authority = await authorityOf(ground, instanceId)
  const name = nodeCommonName(kafkaId)
  const request = {
    commonName: name,
    dnsNames: [name],
    addresses: [address],
    now: ground.now(),
    days: certificateLife.node,
  }
  const node = await issueCertificate(authority, request)
  const nodeKey = node.privateKey + node.certificate + authority.certificate
  const { certificateChain, sealedKey } = own ?? {}
  return {
    nodeKey,
    nodeTrust: authority.certificate,
    clientKey:
      certificateChain && sealedKey
        ? pkcs8Of(ground.secrets.open(sealedKey, sealedKeyOwner(certificateChain))) + certificateChain
        : nodeKey,
    clientTrust: own?.certificateAuthority || authority.certificate,
  }
}

async function identityFor(ground: KeyringGround, instanceId: InstanceId): Promise<ClientIdentity> {
  const authority = await authorityOf(ground, instanceId)
  const request = { commonName: millraceCommonName, dnsNames: [millraceCommonName], addresses: [], now: ground.now() }
  const { certificate, privateKey } = await issueCertificate(authority, { ...request, days: certificateLife.millrace })
  return { certificate, privateKey, authority: authority.certificate }
}
