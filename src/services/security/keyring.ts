import { isSameStanding, trustedIn, type AuthorityStanding } from '../../domain/authority-standing.ts'
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
import {
  findAuthorityStanding,
  insertInstanceAuthority,
  listInstanceAuthorities,
  type InstanceAuthority,
} from '../../store/instance-authorities.ts'
import type { SecretBox } from '../../store/secret-box.ts'
import { sealedKeyOwner } from './seal-own-key.ts'
import { verifiersOf } from './verifiers.ts'

/**
 * Keys from the database, opened when they are needed. An authority is made when its Instance first needs one, and all else is
 * issued from it: nothing but the keys of authorities and the user's own is ever stored.
 */
export type KeyringGround = { db: Database; secrets: SecretBox; now(): Date }

const identityFreshMs = 86_400_000

type Issued = { identity: Promise<ClientIdentity>; since: number; standing: AuthorityStanding }

export function makeKeyring(ground: KeyringGround): Keyring {
  const identities = new Map<InstanceId, Issued>()
  return {
    storesFor: (question) => storesFor(ground, question),
    async identityFor(instanceId) {
      // Another Millrace may have moved it a moment ago, and the nodes with it.
      const standing = await findAuthorityStanding(ground.db, instanceId)
      const known = identities.get(instanceId)
      const now = ground.now().getTime()
      if (known && now - known.since < identityFreshMs && isSameStanding(known.standing, standing))
        return known.identity
      const identity = identityFor(ground, instanceId, standing)
      identities.set(instanceId, { identity, since: now, standing })
      identity.catch(() => identities.delete(instanceId))
      return identity
    },
    verifiersFor: (instanceId) => verifiersOf(ground, instanceId),
  }
}

/** Whatever its number: a key belongs to its Instance. */
const authorityOwner = (instanceId: InstanceId) => `instance-authority/${instanceId}`

/** As the standing wants them, by number, the oldest first. Each is made by whoever needs it first; of two at once, the first written stays. */
export async function authoritiesIn(
  ground: KeyringGround,
  instanceId: InstanceId,
  standing: AuthorityStanding,
): Promise<InstanceAuthority[]> {
  const wanted = trustedIn(standing)
  const found = await listInstanceAuthorities(ground.db, instanceId)
  const missing = wanted.filter((number) => !found.some((one) => one.number === number))
  if (missing.length === 0) return found.filter(({ number }) => wanted.includes(number))
  for (const number of missing) await makeAuthority(ground, instanceId, number)
  return (await listInstanceAuthorities(ground.db, instanceId)).filter(({ number }) => wanted.includes(number))
}

async function makeAuthority({ db, secrets, now }: KeyringGround, instanceId: InstanceId, number: number) {
  const { certificate, privateKey } = await createAuthority(authorityCommonName(instanceId, number), now())
  const sealedKey = secrets.seal(privateKey, authorityOwner(instanceId))
  await insertInstanceAuthority(db, instanceId, { number, certificate, sealedKey, createdAt: now() })
}

type Signing = { signing: KeyAndCertificate; trust: string }

/** Who signs, and everybody who is trusted. */
async function signingIn(ground: KeyringGround, instanceId: InstanceId, standing: AuthorityStanding): Promise<Signing> {
  const authorities = await authoritiesIn(ground, instanceId, standing)
  const { certificate, sealedKey } = authorities.find(({ number }) => number === standing.signing)!
  const privateKey = ground.secrets.open(sealedKey, authorityOwner(instanceId))
  return { signing: { certificate, privateKey }, trust: pemOf(authorities) }
}

const pemOf = (authorities: InstanceAuthority[]): string => authorities.map(({ certificate }) => certificate).join('')

/** PEM: all whose certificates nodes show, or are going to. */
export async function trustOf(ground: KeyringGround, instanceId: InstanceId): Promise<string> {
  const standing = await findAuthorityStanding(ground.db, instanceId)
  return pemOf(await authoritiesIn(ground, instanceId, standing))
}

async function storesFor(ground: KeyringGround, question: StoresQuestion): Promise<NodeStores> {
  const { instanceId, kafkaId, address, own } = question
  const { signing, trust } = await signingIn(ground, instanceId, question.authority)
  const name = nodeCommonName(kafkaId)
  const request = {
    commonName: name,
    dnsNames: [name],
    addresses: [address],
    now: ground.now(),
    days: certificateLife.node,
  }
  const node = await issueCertificate(signing, request)
  const nodeKey = node.privateKey + node.certificate + signing.certificate
  const { certificateChain, sealedKey } = own ?? {}
  return {
    nodeKey,
    nodeTrust: trust,
    clientKey:
      certificateChain && sealedKey
        ? pkcs8Of(ground.secrets.open(sealedKey, sealedKeyOwner(certificateChain))) + certificateChain
        : nodeKey,
    clientTrust: own?.certificateAuthority || trust,
  }
}

async function identityFor(
  ground: KeyringGround,
  instanceId: InstanceId,
  standing: AuthorityStanding,
): Promise<ClientIdentity> {
  const { signing, trust } = await signingIn(ground, instanceId, standing)
  const request = { commonName: millraceCommonName, dnsNames: [millraceCommonName], addresses: [], now: ground.now() }
  const { certificate, privateKey } = await issueCertificate(signing, { ...request, days: certificateLife.millrace })
  return { certificate, privateKey, authority: trust }
}
