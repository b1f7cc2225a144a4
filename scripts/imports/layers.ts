/**
 * Who may import whom: design in one table, read from top to bottom, with no exceptions. A path that ends in a slash is a
 * folder with all below it. What no line speaks of may import nothing.
 */
export type Rule = {
  /** Of `src/`, which may be imported. */
  files: string[]
  /** Of `src/`, of which the types alone may be imported. */
  types?: string[]
  /** Of npm, by name; `node:` stands for Node's own modules. */
  packages: string[] | 'any'
}

const world = [
  'src/domain/',
  'src/security/',
  'src/metrics/',
  'src/store/',
  'src/engine/',
  'src/kafka/',
  'src/machine/',
]
const providerContract = ['src/providers/provider.ts']

const rules: Record<string, Rule> = {
  'src/domain/': { files: ['src/domain/'], packages: ['zod'] },
  'src/machine/': { files: ['src/machine/'], packages: ['node:'] },
  'src/store/': { files: ['src/domain/', 'src/machine/', 'src/store/'], packages: ['node:', 'kysely', 'pg'] },
  'src/kafka/': {
    files: ['src/domain/', 'src/machine/', 'src/security/', 'src/kafka/'],
    packages: ['node:', '@platformatic/kafka', 'zod'],
  },
  'src/security/': {
    files: ['src/domain/', 'src/security/'],
    packages: ['node:', '@peculiar/x509', 'reflect-metadata'],
  },
  'src/metrics/': { files: ['src/domain/', 'src/metrics/'], packages: ['node:', 'snappyjs'] },
  'src/engine/': { files: ['src/domain/', 'src/store/', 'src/engine/'], packages: ['node:', 'kysely', 'pg', 'zod'] },
  'src/operations/': {
    files: [...world, 'src/operations/'],
    types: providerContract,
    packages: ['node:', 'kysely', 'zod'],
  },
  'src/reconcilers/': {
    files: [...world, 'src/operations/', 'src/reconcilers/'],
    types: providerContract,
    packages: ['node:', 'kysely'],
  },
  'src/services/': {
    files: [...world, 'src/services/'],
    types: providerContract,
    packages: ['node:', 'kysely', 'zod'],
  },
  'src/http/': {
    // Operations are defined in the engine's words, and pages show those: what a step is called, what may be done.
    files: [
      'src/domain/',
      'src/services/',
      'src/operations/',
      'src/engine/start-operation.ts',
      'src/engine/define-operation.ts',
      'src/http/',
    ],
    types: ['src/engine/registry.ts'],
    packages: 'any',
  },
  'src/client/': { files: ['src/client/'], packages: ['openapi-fetch'] },
  'src/cli/': { files: ['src/domain/', 'src/client/', 'src/cli/'], packages: 'any' },
  'src/console/': { files: ['src/domain/', 'src/client/', 'src/console/'], packages: 'any' },
}

/** What Kafka wants to find on a node: its files, its programs and the command that starts it. */
const nodeFiles = [
  'server-properties',
  'distribution',
  'installed-distribution',
  'storage-format',
  'format-with-kafka',
  'java-command',
  'jmx-exporter',
  'plain-login',
  'plain-verifiers',
].map((name) => `src/kafka/${name}.ts`)

/** A provider knows the domain, its contract and what a node is made of; never another provider, never a cluster. */
function providerRule(folder: string): Rule {
  return {
    files: [
      'src/domain/',
      'src/machine/',
      'src/providers/provider.ts',
      'src/providers/machine-types.ts',
      ...nodeFiles,
      folder,
    ],
    types: folder === 'src/providers/simulated/' ? ['src/kafka/cluster.ts', 'src/kafka/resources.ts'] : [],
    packages: 'any',
  }
}

export function ruleFor(path: string): Rule {
  // main.ts, stop.ts and config.ts build the concrete things and hand them in.
  if (/^src\/[^/]+$/.test(path)) return { files: ['src/'], packages: 'any' }
  const [provider] = /^src\/providers\/[^/]+\//.exec(path) ?? []
  if (provider) return providerRule(provider)
  if (path.startsWith('src/providers/')) return providerRule('src/providers/provider.ts')
  const [folder = ''] = /^src\/[^/]+\//.exec(path) ?? []
  return rules[folder] ?? { files: [], packages: [] }
}
