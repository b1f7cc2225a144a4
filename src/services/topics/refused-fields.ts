import { AppError, type FieldProblem } from '../../domain/errors.ts'

/**
 * Kafka names what it refuses of a topic in its words alone. What of it stands in the request is named as a field too; the words
 * are Kafka's, and where they say nothing that is known, the refusal stays as it is.
 */
export async function withFields<T>(keys: string[], asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.kind !== 'invalid') throw thrown
    const { kind, code, message } = thrown
    throw new AppError(kind, code, message, { fields: fieldsIn(message, keys), cause: thrown })
  }
}

function fieldsIn(message: string, keys: string[]): FieldProblem[] {
  // The last: a value that is repeated before it may hold anything.
  const named = [...message.matchAll(/(?:for configuration|config name:) ([\w.-]*\w)/g)].at(-1)?.[1]
  const index = keys.indexOf(named ?? '')
  if (index >= 0) return [{ path: `configs.${index}.${message.includes('config name:') ? 'key' : 'value'}`, message }]
  return /only \d+ broker/.test(message) ? [{ path: 'replicationFactor', message }] : []
}
