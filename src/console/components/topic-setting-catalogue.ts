import { rangeWords, settingTypes } from '../../domain/setting-catalogue.ts'
import { topicSettings } from '../../domain/topic-settings.ts'
import type { KnownSetting, TopicSetting } from '../api-types.ts'

/** What a topic can be given, as the fields and pickers of settings want it. */
const ofATopic = { importance: 'medium', updateMode: 'cluster-wide', needsRestart: false, isSecret: false } as const

/** Before there is a topic to ask. */
export const offeredSettings: KnownSetting[] = topicSettings.map(({ range, ...setting }) => ({
  ...setting,
  ...ofATopic,
  range: rangeWords(range),
}))

const ranges = new Map(offeredSettings.map(({ key, range }) => [key, range]))

/** Of a topic that is there: Kafka's own words, and what holds without the topic's own value. */
export const knownFrom = ({ key, type, otherwise, documentation }: TopicSetting): KnownSetting => ({
  key,
  type: settingTypes.find((known) => known === type) ?? 'string',
  default: otherwise,
  range: ranges.get(key) ?? null,
  documentation,
  ...ofATopic,
})
