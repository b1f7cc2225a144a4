import { clientConfigurations, type ClientKind } from '../../domain/client-configuration.ts'
import { AppError } from '../../domain/errors.ts'
import type { InstanceId } from '../../domain/id.ts'
import { clientListeners, isEncrypted, type ClientListener } from '../../domain/security.ts'
import { hasEncryptedListener } from '../../domain/security-change.ts'
import { endOf, standsFor } from '../../security/own-chain.ts'
import { getInstance } from '../../store/instances.ts'
import { listNodes } from '../../store/nodes.ts'
import type { ServiceContext } from '../context.ts'
import { authorityOf } from './keyring.ts'

/** Where clients connect, listener by listener, with what they need for it. */
export type Endpoint = {
  listener: ClientListener
  bootstrapServers: string
  configurations: Record<ClientKind, string>
  /** When the user's own certificate ends; null: Millrace's, which is renewed by itself, or none. */
  certificateEndsAt: Date | null
}

export async function readEndpoints(context: ServiceContext, id: InstanceId): Promise<Endpoint[]> {
  const instance = await getInstance(context.db, id)
  // The first three stand for the life of the Instance, so the address stays as it is whatever is scaled.
  const nodes = (await listNodes(context.db, id)).filter(({ roles }) => roles.includes('controller'))
  const { security } = instance.features
  const chain = security?.own?.certificateChain
  const areNamed = !chain || nodes.every(({ address }) => standsFor(chain, address))
  const checksHostnames = areNamed && security?.tlsHostnameValidationEnabled !== false
  const [first] = nodes
  return (first ? clientListeners(security, first) : []).map((listener) => {
    const bootstrapServers = nodes
      .map((node) => `${node.address}:${portOf(listener, clientListeners(security, node))}`)
      .join(',')
    return {
      listener,
      bootstrapServers,
      configurations: clientConfigurations({ listener, bootstrapServers, checksHostnames }),
      certificateEndsAt: (isEncrypted(listener) && chain && endOf(chain)) || null,
    }
  })
}

const portOf = ({ name }: ClientListener, listeners: ClientListener[]) =>
  listeners.find((listener) => listener.name === name)!.port

/** PEM: by what clients know the listeners. Throws `not-found` where nothing is encrypted. */
export async function readAuthority(context: ServiceContext, id: InstanceId): Promise<string> {
  const { features } = await getInstance(context.db, id)
  if (!hasEncryptedListener(features.security)) {
    const message = 'Clients of this Instance need no certificate authority: its listeners for them are in plain text.'
    throw new AppError('not-found', 'Instance.NoAuthority', message)
  }
  const { own } = features.security ?? {}
  if (!own?.certificateChain) return (await authorityOf(context, id)).certificate
  return own.certificateAuthority ?? own.certificateChain
}
