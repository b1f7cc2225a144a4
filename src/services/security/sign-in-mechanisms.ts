import type { InstanceId } from '../../domain/id.ts'
import type { SaslMechanism } from '../../domain/kafka-user.ts'
import { saslMechanisms, scramMechanisms } from '../../domain/security.ts'
import type { ServiceContext } from '../context.ts'

/** How users can sign in to every node that runs now: one of an earlier release, or without its check, takes no PLAIN. */
export async function signInMechanisms({ inspectNodes }: ServiceContext, id: InstanceId): Promise<SaslMechanism[]> {
  const running = (await inspectNodes(id)).filter(({ process }) => process === 'running')
  return [...(running.every(({ takesPlain }) => takesPlain) ? saslMechanisms : scramMechanisms)]
}
