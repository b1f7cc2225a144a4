import { AppError } from '../../domain/errors.ts'
import { isReservedSetting } from '../../domain/kafka-settings.ts'
import type { SettingCatalogue } from '../../domain/setting-catalogue.ts'
import { findVersion } from '../../domain/version.ts'
import { settingCatalogueFor } from '../../kafka/setting-catalogue.ts'
import type { ServiceContext } from '../context.ts'

/** The settings that an Instance of this version may be given. Throws `not-found` for a version that is not offered here. */
export function readVersionSettings({ catalogue }: ServiceContext, version: string): SettingCatalogue {
  if (!findVersion(catalogue, version)) {
    throw new AppError('not-found', 'Version.NotFound', `There is no Kafka version ${version} here.`)
  }
  const { version: catalogued, definitions } = settingCatalogueFor(version)
  return { version: catalogued, definitions: new Map([...definitions].filter(([key]) => !isReservedSetting(key))) }
}
