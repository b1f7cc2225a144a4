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

export type VersionCatalogue = {
  versions: KafkaVersion[]
  /** The Millrace that reads it: `0.1.0`. */
  millrace: string
}

export function findVersion(catalogue: VersionCatalogue, version: string): KafkaVersion | undefined {
  return catalogue.versions.find((known) => known.version === version)
}

export function recommendedVersion(catalogue: VersionCatalogue): KafkaVersion {
  const recommended = catalogue.versions.filter((known) => known.recommended)
  if (recommended.length !== 1) throw new Error('the version catalogue must recommend exactly one version')
  return recommended[0]!
}

export type UpgradeTarget = {
  version: string
  allowed: boolean
  /** Why it may not be chosen; null when it may. */
  why: string | null
  recommended: boolean
  endOfLife: boolean
}

/** Every version there is but the Instance's own, with whether it may go there in one roll, and if not, why. */
export function upgradeTargets(from: string, catalogue: VersionCatalogue): UpgradeTarget[] {
  return catalogue.versions
    .filter(({ version }) => version !== from)
    .map(({ version, recommended, endOfLife }) => {
      const why = whyNotUpgrade({ from, to: version }, catalogue)
      return { version, allowed: !why, why, recommended, endOfLife }
    })
}

/** Null: this Millrace runs it. Otherwise why not, and what to do. */
export function whyNotRun(version: string, { versions, millrace }: VersionCatalogue): string | null {
  const wanted = versions.find((known) => known.version === version)
  if (!wanted) {
    return `There is no version "${version}" here; there are ${versions.map((known) => known.version).join(', ')}.`
  }
  if (!isOlder(millrace, wanted.leastMillrace)) return null
  return `Kafka ${version} needs Millrace ${wanted.leastMillrace} or later, and this is ${millrace}. Upgrade Millrace first.`
}

/** Null: the way is open. Otherwise why not, and what to do. */
export function whyNotUpgrade({ from, to }: { from: string; to: string }, catalogue: VersionCatalogue): string | null {
  const why = whyNotRun(to, catalogue)
  if (why) return why
  const [here, there] = [findVersion(catalogue, from), findVersion(catalogue, to)!]
  if (here?.upgradableTo.includes(to)) return null
  if (there.upgradableTo.includes(from)) {
    return `Kafka ${to} comes before ${from}. Once an upgrade is finalised there is no way back.`
  }
  const via = catalogue.versions.find(
    (between) => here?.upgradableTo.includes(between.version) && between.upgradableTo.includes(to),
  )
  return via
    ? `There is no way from ${from} to ${to} in one step: upgrade to ${via.version} first.`
    : `There is no tested way from ${from} to ${to}.`
}

/** The feature that the cluster has been told for good to use beyond what this version knows; null: it runs there. */
export function finalBeyond(
  version: string,
  finalized: Record<string, number>,
  catalogue: VersionCatalogue,
): { name: string; level: number } | null {
  const levels = findVersion(catalogue, version)?.features ?? {}
  const beyond = Object.entries(finalized).find(([name, level]) => level > (levels[name] ?? level))
  return beyond ? { name: beyond[0], level: beyond[1] } : null
}

/** Of Millrace's own versions, which are three numbers. */
function isOlder(version: string, least: string): boolean {
  const [ours, needed] = [version, least].map((text) => text.split('.').map(Number))
  for (const [index, number] of needed!.entries()) {
    const own = ours![index] ?? 0
    if (own !== number) return own < number
  }
  return false
}
