import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../domain/errors.ts'

/** The Java that runs Kafka: `JAVA_HOME` when set, else the first on the path. */
export type Java = { program: string; version: string }

const run = promisify(execFile)

/** Brokers from 4.0 on need it (KIP-1013). */
const leastJava = 17

let found: Promise<Java> | undefined

/** Throws `unavailable` (`Java.Missing`) with what to install. Asked once; a failure is not remembered. */
export function findJava(): Promise<Java> {
  found ??= askJava(process.env['JAVA_HOME']).catch((error: unknown) => {
    found = undefined
    throw error
  })
  return found
}

async function askJava(javaHome: string | undefined): Promise<Java> {
  const program = javaHome ? join(javaHome, 'bin', 'java') : 'java'
  const answer = await run(program, ['-version'], { timeout: 20_000 }).catch((cause: unknown) => {
    throw javaMissing(`Java was not found (${program}).`, cause)
  })
  const version = javaVersionIn(answer.stderr + answer.stdout)
  if (!version) throw javaMissing(`${program} does not tell its version.`, undefined)
  if (Number.parseInt(version, 10) < leastJava) throw javaMissing(`${program} is Java ${version}.`, undefined)
  return { program, version }
}

/** The build, such as `17.0.15+6-Debian-1deb12u1`: a class archive serves exactly one. */
export function javaVersionIn(answer: string): string | undefined {
  return /\(build (\d[^\s,)]*)/.exec(answer)?.[1] ?? /version "(\d[^"]*)"/.exec(answer)?.[1]
}

function javaMissing(what: string, cause: unknown): AppError {
  const advice = `Kafka needs Java ${leastJava} or later: install it (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME.`
  return new AppError('unavailable', 'Java.Missing', `${what} ${advice}`, { cause })
}
