import { AppError } from '../../domain/errors.ts'
import { settingValueProblem } from '../../domain/setting-value.ts'
import { topicSettings } from '../../domain/topic-settings.ts'
import type { TopicSetting } from '../../kafka/resources.ts'

/** What a simulated topic can be given, and how a real Kafka answers to anything else. */
const known = new Map(topicSettings.map((setting) => [setting.key, setting]))

/** What holds for a topic that has nothing of its own. */
export const usualSetting = (key: string): string => known.get(key)!.default

/** Throws `invalid` under the code given. */
export function refuseTopicSettings(settings: Record<string, string>, code: string): void {
  for (const [key, value] of Object.entries(settings)) {
    const setting = known.get(key)
    const problem = setting && settingValueProblem(value, setting)
    if (setting && !problem) continue
    const words = setting ? `Invalid value ${value} for configuration ${key}` : `Unknown topic config name: ${key}`
    throw new AppError('invalid', code, `Kafka does not take these settings: ${words}.`)
  }
}

export const topicSettingsOf = (own: Record<string, string>): TopicSetting[] =>
  topicSettings.map(({ key, type, default: otherwise, documentation }) => ({
    key,
    value: own[key] ?? otherwise,
    source: own[key] === undefined ? 'default' : 'topic',
    otherwise,
    type,
    isReadOnly: false,
    documentation,
  }))
