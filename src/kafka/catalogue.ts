import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { KafkaVersion, VersionCatalogue } from '../domain/version.ts'

const versionName = z.string().regex(/^\d+\.\d+\.\d+$/, 'a version is three numbers, such as 4.3.1')

const KafkaVersionEntry: z.ZodType<KafkaVersion> = z.strictObject({
  version: versionName,
  recommended: z.boolean(),
  endOfLife: z.boolean(),
  upgradableTo: z.array(versionName),
  leastMillrace: versionName,
  features: z.record(z.string(), z.number().int().positive()).exactOptional(),
})

const Catalogue = z.strictObject({ versions: z.array(KafkaVersionEntry).min(1) })

/** The catalogue of Kafka versions in a file such as `kafka-versions.json`; throws naming everything that is wrong in it. */
export function readCatalogue(path: string): VersionCatalogue {
  const parsed = Catalogue.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success) throw new Error(`${path} is not a catalogue of versions: ${z.prettifyError(parsed.error)}`)
  const catalogue = { ...parsed.data, millrace: ownVersion() }
  const problems = catalogueProblems(catalogue)
  if (problems.length > 0) throw new Error(`${path} is not a sound catalogue of versions: ${problems.join('; ')}`)
  return catalogue
}

const ownVersion = () => z.object({ version: versionName }).parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version

const packageFile = new URL('../../package.json', import.meta.url)

/** What the shape alone cannot say. Empty: nothing is wrong. */
export function catalogueProblems({ versions }: Pick<VersionCatalogue, 'versions'>): string[] {
  const names = versions.map(({ version }) => version)
  const recommended = versions.filter((entry) => entry.recommended)
  const problems = names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`)
  if (recommended.length !== 1) problems.push(`exactly one version is recommended, not ${recommended.length}`)
  for (const { version, upgradableTo } of versions) {
    const unknown = upgradableTo.filter((target) => !names.includes(target) || target === version)
    if (unknown.length > 0) problems.push(`${version} cannot go to ${unknown.join(', ')}`)
  }
  return problems
}
