/**
 * Which Kafka versions there are and where one may go. The catalogue decides, never a comparison of numbers: a product
 * line may jump, and a number says nothing about a tested path.
 */
export type KafkaVersion = {
  version: string
  /** The one that new Instances get unless told otherwise. Exactly one in a catalogue. */
  recommended: boolean
  /** Its line gets no more fixes: still runs, offered last, with a word of warning. */
  endOfLife: boolean
  /** Versions that an Instance may go to from here in one roll. */
  upgradableTo: string[]
  /** The least Millrace that may run it. */
  leastMillrace: string
  /** Feature levels to format with, as Kafka's StorageTool would; absent: Kafka's own tool formats. */
  features?: Record<string, number>
}

export type VersionCatalogue = { versions: KafkaVersion[] }

export function findVersion(catalogue: VersionCatalogue, version: string): KafkaVersion | undefined {
  return catalogue.versions.find((known) => known.version === version)
}

export function recommendedVersion(catalogue: VersionCatalogue): KafkaVersion {
  const recommended = catalogue.versions.filter((known) => known.recommended)
  if (recommended.length !== 1) throw new Error('the version catalogue must recommend exactly one version')
  return recommended[0]!
}
