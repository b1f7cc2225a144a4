import { existsSync, globSync } from 'node:fs'

/** What belongs together in the report of a test run, and can be run by its name. */
export type Group = {
  name: string
  files: string[]
  /** Files at one time. Those that measure, or fill the machine with Kafka nodes, go one by one. */
  atOnce: number
  /** For one test, and for one file: whoever takes longer hangs. */
  testLimitSeconds: number
  fileLimitSeconds: number
  /** The folder of the PostgreSQL it runs on, if not the embedded one. */
  postgres?: string
}

/** Debian's: the least version a team may bring, told apart from the embedded one. */
const oldPostgres = '/usr/lib/postgresql/15/bin'

const quick = { atOnce: 2, testLimitSeconds: 60, fileLimitSeconds: 300 }
const slow = { atOnce: 1, testLimitSeconds: 300, fileLimitSeconds: 1200 }

const rules = ['src/domain/**/*.test.ts']
/** Makes servers of its own, so that it is the same wherever it is run. */
const ownServer = ['src/store/embedded-postgres.test.ts']

const groups: Group[] = [
  { name: 'rule', files: find(rules), ...quick },
  {
    name: 'unit',
    files: find(['src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/harness/**/*.test.ts', 'bench/**/*.test.ts'], rules),
    ...quick,
  },
  { name: 'postgres-15', files: find(['src/store/**/*.test.ts'], ownServer), ...quick, postgres: oldPostgres },
  { name: 'api', files: find(['test/api/**/*.test.ts']), ...quick },
  { name: 'crash', files: find(['test/crash/**/*.test.ts']), ...quick, fileLimitSeconds: 900 },
  { name: 'guards', files: find(['test/guards/**/*.test.ts']), ...quick },
  { name: 'kafka', files: find(['test/kafka/**/*.test.ts']), ...slow },
  { name: 'e2e', files: find(['test/e2e/**/*.e2e.ts']), ...slow },
]

function find(patterns: string[], exclude: string[] = []): string[] {
  const left = new Set(exclude.length > 0 ? globSync(exclude) : [])
  return globSync(patterns)
    .filter((file) => !left.has(file))
    .sort()
}

export const groupNames = ['verify', ...groups.map(({ name }) => name)]

/** Those named, or all. A group without a file would be a green that says nothing. */
export function chooseGroups(names: string[]): Group[] {
  return groups.filter(({ name }) => names.length === 0 || names.includes(name))
}

/** Why a group cannot be run here: nothing else than a program that is no part of Millrace. */
export function missingFor({ postgres }: Group): string | undefined {
  return postgres && !existsSync(postgres)
    ? `${postgres} is not there (Debian: apt-get install postgresql-15)`
    : undefined
}
