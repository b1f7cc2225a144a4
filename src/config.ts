import { resolve } from 'node:path'
import { z } from 'zod'
import { accountNameProblem, environmentIdProblem } from './domain/names.ts'

/** Every setting, from environment variables, parsed once at the start. The table in the README lists the same. */
export type Config = {
  host: string
  port: number
  /** Absolute. */
  home: string
  /** Undefined: an embedded PostgreSQL below the home. */
  databaseUrl: string | undefined
  provider: 'local' | 'simulated'
  environmentId: string
  initialUser: string
  /** Undefined: a random one, shown once. */
  initialPassword: string | undefined
  /** Undefined: no service account is made. */
  initialKeyPair: { accessKey: string; secretKey: string } | undefined
  /** Undefined: the file `secret.key` in the home. */
  secretKey: string | undefined
  /** A folder with a Kafka-compatible distribution, instead of Maven. */
  kafkaDirectory: string | undefined
  logLevel: string
}

const ports = 'a port is a whole number from 0 to 65535'

const ruled = (problemOf: (value: string) => string | undefined) =>
  z.string().superRefine((value, check) => {
    const problem = problemOf(value)
    if (problem) check.addIssue({ code: 'custom', message: problem })
  })

const variables = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.string().regex(/^\d+$/, ports).transform(Number).pipe(z.number().max(65535, ports)).default(8080),
  MILLRACE_HOME: z.string().min(1).default('.millrace'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  MILLRACE_PROVIDER: z.enum(['local', 'simulated'], 'must be local or simulated').default('local'),
  MILLRACE_ENVIRONMENT_ID: ruled(environmentIdProblem).default('env-local'),
  MILLRACE_INITIAL_USER: ruled(accountNameProblem).default('admin'),
  MILLRACE_INITIAL_PASSWORD: z
    .string()
    .min(8, 'must have at least 8 characters')
    .max(128, 'must have at most 128 characters')
    .optional(),
  MILLRACE_INITIAL_ACCESS_KEY: z
    .string()
    .regex(/^[A-Za-z0-9]{16,64}$/, 'must be 16 to 64 letters and digits')
    .optional(),
  MILLRACE_INITIAL_SECRET_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,128}$/, 'must be 16 to 128 visible characters without spaces')
    .optional(),
  MILLRACE_SECRET_KEY: z.string().optional(),
  MILLRACE_KAFKA_DIRECTORY: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error').default('info'),
})

/** What no process that Millrace starts has any business with. */
export const secretVariables = [
  'DATABASE_URL',
  'MILLRACE_INITIAL_PASSWORD',
  'MILLRACE_INITIAL_SECRET_KEY',
  'MILLRACE_SECRET_KEY',
] as const

/** Throws an Error of one line that names the first wrong variable and its rule. An empty variable counts as unset. */
export function parseConfig(environment: NodeJS.ProcessEnv, checkout: string): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = variables.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new Error(`${issue.path.join('.')} is wrong: ${issue.message.replace(/\.$/, '')}.`)
  }
  const values = parsed.data
  return {
    host: values.HOST,
    port: values.PORT,
    home: resolve(checkout, values.MILLRACE_HOME),
    databaseUrl: values.DATABASE_URL,
    provider: values.MILLRACE_PROVIDER,
    environmentId: values.MILLRACE_ENVIRONMENT_ID,
    initialUser: values.MILLRACE_INITIAL_USER,
    initialPassword: values.MILLRACE_INITIAL_PASSWORD,
    initialKeyPair: keyPairFrom(values.MILLRACE_INITIAL_ACCESS_KEY, values.MILLRACE_INITIAL_SECRET_KEY),
    secretKey: values.MILLRACE_SECRET_KEY,
    kafkaDirectory: values.MILLRACE_KAFKA_DIRECTORY && resolve(checkout, values.MILLRACE_KAFKA_DIRECTORY),
    logLevel: values.LOG_LEVEL,
  }
}

function keyPairFrom(accessKey: string | undefined, secretKey: string | undefined): Config['initialKeyPair'] {
  if (accessKey !== undefined && secretKey !== undefined) return { accessKey, secretKey }
  if (accessKey === undefined && secretKey === undefined) return undefined
  const missing = accessKey === undefined ? 'MILLRACE_INITIAL_ACCESS_KEY' : 'MILLRACE_INITIAL_SECRET_KEY'
  throw new Error(`${missing} is missing: a key pair has both halves.`)
}
