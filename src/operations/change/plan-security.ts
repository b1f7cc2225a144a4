import type { Node } from '../../domain/node.ts'
import { hasEncryptedListener, listenerChange } from '../../domain/security-change.ts'
import type { InstanceSecurity } from '../../domain/security.ts'
import { readCertificates, standsFor } from '../../security/own-chain.ts'

/** What a change of security would do, in words for its plan. Certificates are named, never shown. Reads only. */
export type SecurityChange = {
  from: InstanceSecurity | undefined
  to: InstanceSecurity | undefined
  nodes: Node[]
  joins: { kafkaId: number; address: string }[]
}

export type Line = { what: string; from: string; to: string }

export function securityLines({ from, to }: SecurityChange): Line[] {
  const { added, dropped } = listenerChange(from, to)
  const lines = [
    { what: 'certificate', from: nameOf(from?.own?.certificateChain), to: nameOf(to?.own?.certificateChain) },
    {
      what: 'authority of clients’ certificates',
      from: nameOf(from?.own?.certificateAuthority, 'none'),
      to: nameOf(to?.own?.certificateAuthority, 'none'),
    },
    { what: 'host names in client configurations', from: hostnameWords(from), to: hostnameWords(to) },
    ...added.map((name) => ({ what: 'listener', from: 'none', to: name })),
    ...dropped.map((name) => ({ what: 'listener', from: name, to: 'none' })),
  ]
  return lines.filter((line) => line.from !== line.to)
}

const hostnameWords = (security: InstanceSecurity | undefined): string =>
  security?.tlsHostnameValidationEnabled === false ? 'not checked' : 'checked'

/** Whom it stands for and until when; or what there is without it. */
function nameOf(pem: string | undefined, without = 'Millrace’s own'): string {
  const [first] = pem ? (readCertificates(pem) ?? []) : []
  if (!first) return without
  const subject = first.subject.replaceAll('\n', ', ')
  return `${subject}, number ${first.serialNumber}, until ${first.validToDate.toISOString().slice(0, 10)}`
}

const isAuthorityExchanged = ({ from, to }: SecurityChange): boolean => {
  const [former, next] = [from?.own?.certificateAuthority, to?.own?.certificateAuthority]
  return !!former && !!next && former !== next && !!to?.authenticationMethods?.includes('mtls')
}

/** Nodes, by Kafka id, whose address the chain does not name and did not have to before. */
function newlyUnnamed({ from, to, nodes, joins }: SecurityChange): number[] {
  const chain = to?.own?.certificateChain
  if (!chain || !hasEncryptedListener(to)) return []
  const asked = chain === from?.own?.certificateChain ? joins : [...nodes, ...joins]
  return asked.filter(({ address }) => !standsFor(chain, address)).map(({ kafkaId }) => kafkaId)
}

export function securityWarnings(change: SecurityChange): string[] {
  const { from, to } = change
  const unnamed = newlyUnnamed(change)
  const { dropped } = listenerChange(from, to)
  return [
    ...(unnamed.length > 0
      ? [`The certificate does not name the address of node ${unnamed.join(', ')}: clients must not check host names.`]
      : []),
    ...(isAuthorityExchanged(change)
      ? ['Clients with certificates of the former authority are refused from then on when they connect anew.']
      : []),
    ...(dropped.length > 0
      ? [`Clients that still use ${dropped.join(', ')} lose their connection: move them before.`]
      : []),
    ...(to?.keepsAnonymous && !from?.keepsAnonymous
      ? [
          'Users are asked for ACLs from now on. Anonymous clients go on with all that they may do today, until anonymous is dropped.',
        ]
      : []),
  ]
}
