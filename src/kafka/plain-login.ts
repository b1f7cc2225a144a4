import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchJars } from './maven-fetch.ts'

/**
 * The program inside a node that checks passwords of SASL PLAIN against verifiers (`java/plain-login`). Kafka's own takes
 * passwords in clear text. Maven builds it from its source, once for each state of that.
 */
const sourceFolder = fileURLToPath(new URL('../../java/plain-login', import.meta.url))
const jarName = 'plain-login.jar'
const className = 'millrace.plainlogin.PlainLoginHandler'

/** Texts by their paths, in order. */
function readSource(): Record<string, string> {
  const files = readdirSync(sourceFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map(({ parentPath, name }) => relative(sourceFolder, join(parentPath, name))).toSorted()
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(sourceFolder, path), 'utf8')]))
}

let digest: string | undefined

/** Read once: what is built is what this process knows how to speak to. */
const sourceDigest = (): string => {
  digest ??= createHash('sha256').update(JSON.stringify(readSource())).digest('hex').slice(0, 16)
  return digest
}

const folderIn = (home: string) => join(home, 'kafka', `plain-login-${sourceDigest()}`)
const jarIn = (home: string) => join(folderIn(home), 'libs', jarName)

/** The jar; null: it could not be built, and nodes start without PLAIN. */
export const findPlainLogin = (home: string): string | null => (existsSync(jarIn(home)) ? jarIn(home) : null)

/** Nobody waits longer for it: nodes serve without it too. */
const longestBuildMs = 180_000

/** A machine without a network would wait anew for every version of Kafka. */
const triedIn = new Set<string>()

/** Builds it unless it is there. Throws `unavailable` with what to do, at the first try of a process alone. */
export async function ensurePlainLogin(home: string, onProgress: (words: string) => void): Promise<void> {
  if (findPlainLogin(home) || triedIn.has(home)) return
  triedIn.add(home)
  onProgress('Building the check of passwords for SASL PLAIN with Maven')
  await fetchJars({
    title: 'The check of passwords for SASL PLAIN',
    project: readSource(),
    // No more than these: each goal of a whole build would fetch a plugin of its own.
    goals: ['compiler:compile', 'jar:jar'],
    folder: folderIn(home),
    jar: jarName,
    limitMs: longestBuildMs,
  })
}

/** What a listener takes PLAIN by, in Kafka's settings; the file is that of `plain-verifiers.ts`. */
export const plainLoginSettings = (verifiersFile: string): Record<string, string> => ({
  'plain.sasl.server.callback.handler.class': className,
  'plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required verifiers="${inJaas(verifiersFile)}";`,
})

/** As Kafka reads what stands in quotes there. */
const inJaas = (text: string): string => text.replace(/["\\]/g, '\\$&')
