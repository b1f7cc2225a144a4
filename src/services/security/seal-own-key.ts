import { createHash } from 'node:crypto'
import { refuseProblems } from '../../domain/instance-rules.ts'
import type { OwnCertificates } from '../../domain/keyring.ts'
import {
  certificatesOnly,
  ownCertificateProblems,
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
  const own: OwnCertificates = {
    ...(certificateAuthority && { certificateAuthority }),
    ...(certificateChain &&
      privateKey && { certificateChain, sealedKey: secrets.seal(privateKey, sealedKeyOwner(certificateChain)) }),
  }
  return Object.keys(own).length > 0 ? own : undefined
}

/**
 * The same for a change, where an empty text is a wish: none from now on. Undefined: nothing is said of certificates. A chain
 * and its key are told together.
 */
export function sealOwnChange(
  given: GivenCertificates,
  ground: { secrets: SecretBox; now(): Date },
): OwnCertificates | undefined {
  const own = sealOwnCertificates(given, ground) ?? {}
  const { certificateAuthority = '', certificateChain = '', sealedKey = '' } = own
  const isChainSaid = given.certificateChain !== undefined || given.privateKey !== undefined
  const said = {
    ...(given.certificateAuthority !== undefined && { certificateAuthority }),
    ...(isChainSaid && { certificateChain, sealedKey }),
  }
  return Object.keys(said).length > 0 ? said : undefined
}
