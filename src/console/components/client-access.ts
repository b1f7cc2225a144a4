import type { Endpoint } from '../api-types.ts'

/** The client configuration of an endpoint, for one user: ready to paste. Pure. */
export const clientKinds = [
  { kind: 'java', label: 'Java' },
  { kind: 'librdkafka', label: 'librdkafka' },
  { kind: 'python', label: 'Python' },
  { kind: 'node', label: 'Node' },
] as const
export type ClientKind = (typeof clientKinds)[number]['kind']

export type Credentials = { user: string; password: string }

/** What stands in quotes in the configuration is escaped for where it stands. */
export function configurationFor(
  { configurations }: Endpoint,
  kind: ClientKind,
  { user, password }: Credentials,
): string {
  const written = kind === 'librdkafka' ? password : escaped(password, kind === 'node' ? "'" : '"')
  // By function: a password may hold "$&", which a text to replace with would take for what it found.
  return configurations[kind]
    .replaceAll('YOUR_USER', () => inJava(user, kind))
    .replaceAll('YOUR_PASSWORD', () => inJava(written, kind))
}

const escaped = (text: string, quote: string): string => text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)

/** A properties file reads a backslash once more, and as Kafka's tools read one, its bytes are Latin-1. */
const inJava = (text: string, kind: ClientKind): string =>
  kind === 'java'
    ? text
        .replaceAll('\\', '\\\\')
        .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text

/** Those at which users sign in with name and password. */
export const userEndpoints = (endpoints: Endpoint[]): Endpoint[] =>
  endpoints.filter(({ mechanisms }) => mechanisms !== '')
