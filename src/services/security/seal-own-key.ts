import { createHash } from 'node:crypto'
import { refuseProblems } from '../../domain/instance-rules.ts'
import type { OwnCertificates } from '../../domain/keyring.ts'
import { ownCertificateProblems, type OwnCertificates as GivenCertificates } from '../../security/own-chain.ts'
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
  const { certificateAuthority, certificateChain, privateKey } = given
  const own: OwnCertificates = {
    ...(certificateAuthority && { certificateAuthority: wholeLines(certificateAuthority) }),
    ...(certificateChain &&
      privateKey && {
        certificateChain: wholeLines(certificateChain),
        sealedKey: secrets.seal(privateKey, sealedKeyOwner(wholeLines(certificateChain))),
      }),
  }
  return Object.keys(own).length > 0 ? own : undefined
}

const wholeLines = (pem: string): string => `${pem.trim()}\n`
