import { no, yes, type DriftItem } from './drift.ts'
import type { Answer, Instance } from './instance.ts'
import { changedKeys, type StartedWith } from './restart-reason.ts'
import { isSecretSetting, type SettingCatalogue } from './setting-catalogue.ts'
import { settingProblems } from './setting-rules.ts'
import { finalBeyond, whyNotUpgrade, type VersionCatalogue } from './version.ts'

/** Processes that run with another version or with other settings than their nodes should. */
export type NodeDriftEvidence = {
  instance: Pick<Instance, 'version'>
  /** What each node should be started with. The heap is left out: it follows the machine type at the next restart. */
  wanted: ({ kafkaId: number } & Omit<StartedWith, 'heapMiB'>)[]
  sightings: ProcessSeen[]
  catalogue: VersionCatalogue
  /** Of the version that the Instance should run. */
  settings: SettingCatalogue
  settingPrefixes: string[]
  /** Feature levels that are final; null: no broker told. */
  finalized: Record<string, number> | null
}

export type ProcessSeen = {
  kafkaId: number
  process: 'running' | 'stopped'
  version: string | null
  /** What it was started with; null when nobody knows. */
  spec: StartedWith | null
}

export function nodeDrift(evidence: NodeDriftEvidence): DriftItem[] {
  return evidence.wanted.flatMap((wanted) => {
    const seen = evidence.sightings.find(({ kafkaId }) => kafkaId === wanted.kafkaId)
    // What has stopped starts with what it should.
    if (seen?.process !== 'running') return []
    if (!seen.spec) return [unknownStart(wanted.kafkaId)]
    const keys = changedKeys(seen.spec.configs, wanted.configs)
    return [
      ...(seen.spec.version === wanted.version ? [] : [versionItem(wanted, seen.spec, evidence)]),
      ...keys.map((key) => settingItem(wanted, { key, is: seen.spec!.configs[key] ?? null }, evidence)),
    ]
  })
}

const unknownStart = (kafkaId: number): DriftItem => ({
  id: `node-settings:${kafkaId}`,
  kind: 'node-settings',
  kafkaId,
  key: null,
  is: null,
  shouldBe: null,
  isSecret: false,
  adopt: no(`Nobody knows what node ${kafkaId} runs with. A revert restarts it with what it should run.`),
  revert: yes,
})

type Wanted = NodeDriftEvidence['wanted'][number]

function versionItem({ kafkaId, version }: Wanted, running: StartedWith, evidence: NodeDriftEvidence): DriftItem {
  const { instance, catalogue } = evidence
  const why = whyNotUpgrade({ from: instance.version, to: running.version }, catalogue)
  return {
    id: `node-version:${kafkaId}`,
    kind: 'node-version',
    kafkaId,
    key: null,
    is: running.version,
    shouldBe: version,
    isSecret: false,
    adopt: why === null ? yes : no(why),
    revert: mayGoBack(version, evidence),
  }
}

/** A program that is older than the format of the cluster's data would not start. */
function mayGoBack(version: string, { finalized, catalogue }: NodeDriftEvidence): Answer {
  const beyond = finalBeyond(version, finalized ?? {}, catalogue)
  if (!beyond) return yes
  const { name, level } = beyond
  return no(`The cluster's ${name} is final at level ${level}, which Kafka ${version} does not know. Adopt it instead.`)
}

function settingItem(
  { kafkaId, configs }: Wanted,
  { key, is }: { key: string; is: string | null },
  { settings, settingPrefixes }: NodeDriftEvidence,
): DriftItem {
  return {
    id: `node-settings:${kafkaId}:${key}`,
    kind: 'node-settings',
    kafkaId,
    key,
    is,
    shouldBe: configs[key] ?? null,
    isSecret: isSecretSetting(key, settings),
    adopt: mayBeOwn({ key, value: is }, settings, settingPrefixes),
    revert: yes,
  }
}

/** May an Instance have this setting of its own? Null: none. */
export function mayBeOwn(
  { key, value }: { key: string; value: string | null },
  settings: SettingCatalogue,
  prefixes: string[],
): Answer {
  const [problem] = value === null ? [] : settingProblems([{ key, value }], settings, prefixes)
  return problem ? no(problem.message) : yes
}
