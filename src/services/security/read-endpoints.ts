import { isSettled } from '../../domain/authority-standing.ts'
import { takesOverAt } from '../../domain/certificate-life.ts'
import { clientConfigurations, type ClientKind } from '../../domain/client-configuration.ts'
import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import type { Instance } from '../../domain/instance.ts'
import type { SaslMechanism } from '../../domain/kafka-user.ts'
import { clientListeners, isEncrypted, type ClientListener } from '../../domain/security.ts'
import { hasEncryptedListener } from '../../domain/security-change.ts'
import { endOf, standsFor, trustAnchorOf } from '../../security/own-chain.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import type { ServiceContext } from '../context.ts'
import { authoritiesIn, trustOf } from './keyring.ts'
import { signInMechanisms } from './sign-in-mechanisms.ts'

/** Where clients connect, listener by listener, with what they need for it. */
export type Endpoint = {
  listener: ClientListener
  bootstrapServers: string
  /** Empty where clients do not sign in. */
  mechanisms: SaslMechanism[]
  configurations: Record<ClientKind, string>
  /** When the user's own certificate ends; null: Millrace's, which is renewed by itself, or none. */
  certificateEndsAt: Date | null
  /** What is to be done about it; null: nothing. */
  warning: string | null
}

export async function readEndpoints(context: ServiceContext, id: InstanceId): Promise<Endpoint[]> {
  const instance = await getInstance(context.db, id)
  const nodes = await listNodes(context.db, id)
  // The first three stand for the life of the Instance, so the address stays as it is whatever is scaled.
  const lasting = nodes.filter(({ roles }) => roles.includes('controller'))
  const { security } = instance.features
  const { certificateChain: chain, certificateAuthority } = security?.own ?? {}
  // Whoever asks one of them is sent on to all.
  const areNamed = !chain || nodes.every(({ address }) => standsFor(chain, address))
  const checksHostnames = areNamed && security?.tlsHostnameValidationEnabled !== false
  const hasAuthorityFile = !chain || trustAnchorOf(chain, certificateAuthority) !== undefined
  const access = { checksHostnames, hasAuthorityFile }
  const [first] = lasting
  const listeners = first ? clientListeners(security, first) : []
  const ofOurs = chain ? null : await exchangeWarning(context, instance)
  const warningOf = (listener: ClientListener) =>
    security?.keepsAnonymous && listener.method === 'anonymous' ? openToAll : isEncrypted(listener) ? ofOurs : null
  const ofUsers = listeners.some(({ method }) => method === 'sasl') ? await signInMechanisms(context, id) : []
  return listeners.map((listener) => {
    const mechanisms = listener.method === 'sasl' ? ofUsers : []
    const bootstrapServers = lasting
      .map((node) => `${node.address}:${portOf(listener, clientListeners(security, node))}`)
      .join(',')
    return {
      listener,
      bootstrapServers,
      mechanisms,
      configurations: clientConfigurations({ ...access, listener, bootstrapServers, mechanisms }),
      certificateEndsAt: (isEncrypted(listener) && chain && endOf(chain)) || null,
      warning: warningOf(listener),
    }
  })
}

const openToAll =
  'Whoever comes here may still do everything, access rules and users included, as before anybody was asked. Move these clients to another listener, then take "anonymous" away from who comes in.'

const portOf = ({ name }: ClientListener, listeners: ClientListener[]) =>
  listeners.find((listener) => listener.name === name)!.port

/** Null: there is one authority, and clients know it. */
async function exchangeWarning(context: ServiceContext, { id, authority }: Instance): Promise<string | null> {
  if (isSettled(authority)) return null
  if (authority.oldest < authority.signing) return takesOver
  const authorities = await authoritiesIn(context, id, authority)
  const [oldest, newest] = [authorities[0]!, authorities.at(-1)!]
  const day = takesOverAt(endOf(oldest.certificate)!, newest.createdAt).toISOString().slice(0, 10)
  return `The next certificate authority is published: ca.pem holds both. Clients that go by it need the new file until the listeners show the new certificates: on ${day}, or before, when somebody lets it take over.`
}

const takesOver =
  'The listeners change over to certificates of the new authority: clients that go by ca.pem need the file as it is now.'

/** PEM: by what clients know the listeners. Throws `not-found` where nothing is encrypted, or nobody here knows. */
export async function readAuthority(context: ServiceContext, id: InstanceId): Promise<string> {
  const { features } = await getInstance(context.db, id)
  if (!hasEncryptedListener(features.security)) {
    throw noAuthority(
      'Clients of this Instance need no certificate authority: its listeners for them are in plain text.',
    )
  }
  const { certificateChain, certificateAuthority } = features.security?.own ?? {}
  if (!certificateChain) return await trustOf(context, id)
  const anchor = trustAnchorOf(certificateChain, certificateAuthority)
  if (anchor) return anchor
  throw noAuthority('The listeners show your certificate chain, which does not hold the root that it leads to.')
}

const noAuthority = (message: string) => new AppError('not-found', 'Instance.NoAuthority', message)
