import { createHash } from 'node:crypto'
import { refuseProblems } from '../../domain/instance-rules.ts'
import type { CertificateFingerprints, OwnCertificates } from '../../domain/keyring.ts'
import {
  certificatesOnly,
  ownCertificateProblems,
  readCertificates,
  type OwnCertificates as GivenCertificates,
} from '../../security/own-chain.ts'
import type { SecretBox } from '../../store/secret-box.ts'

/** A user's key belongs to its chain: under another it does not open. */
export const sealedKeyOwner = (certificateChain: string): string =>
  `certificate-chain/${createHash('sha256').update(certificateChain).digest('hex')}`

/** Checks a user's certificates and seals the key, before anything of them is written down. Empty texts are nothing. */
export function sealOwnCertificates(
  given: GivenCertificates,
  { secrets, now }: { secrets: SecretBox; now(): Date },
): OwnCertificates | undefined {
  refuseProblems(ownCertificateProblems(given, now()))
  const { privateKey } = given
  const certificateAuthority = given.certificateAuthority && certificatesOnly(given.certificateAuthority)
  const certificateChain = given.certificateChain && certificatesOnly(given.certificateChain)
  const fingerprints: CertificateFingerprints = {
    ...(certificateAuthority && { authority: fingerprintsOf(certificateAuthority) }),
    ...(certificateChain && privateKey && { chain: fingerprintsOf(certificateChain) }),
  }
  if (Object.keys(fingerprints).length === 0) return undefined
  return {
    ...(certificateAuthority && { certificateAuthority }),
    ...(certificateChain &&
      privateKey && { certificateChain, sealedKey: secrets.seal(privateKey, sealedKeyOwner(certificateChain)) }),
    fingerprints,
  }
}

const fingerprintsOf = (pem: string): string =>
  (readCertificates(pem) ?? []).map(({ fingerprint256 }) => fingerprint256).join(', ')

/**
 * The same for a change, where an empty text is a wish: none from now on. Undefined: nothing is said of certificates. A chain
 * and its key are told together.
 */
export function sealOwnChange(
  given: GivenCertificates,
  ground: { secrets: SecretBox; now(): Date },
): OwnCertificates | undefined {
  const own: OwnCertificates = sealOwnCertificates(given, ground) ?? {}
  const { certificateAuthority = '', certificateChain = '', sealedKey = '' } = own
  const { authority = '', chain = '' } = own.fingerprints ?? {}
  const isAuthoritySaid = given.certificateAuthority !== undefined
  const isChainSaid = given.certificateChain !== undefined || given.privateKey !== undefined
  if (!isAuthoritySaid && !isChainSaid) return undefined
  return {
    ...(isAuthoritySaid && { certificateAuthority }),
    ...(isChainSaid && { certificateChain, sealedKey }),
    fingerprints: { ...(isAuthoritySaid && { authority }), ...(isChainSaid && { chain }) },
  }
}
