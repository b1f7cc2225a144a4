import createClient from 'openapi-fetch'
import type { components, paths } from './schema.ts'

/** The API for programs, typed by its document: `await api.GET('/api/v1/instances')` answers `{ data }` or `{ error }`. */
export const makeApiClient = (baseUrl: string, headers: Record<string, string> = {}) =>
  createClient<paths>({ baseUrl, headers })

export type ApiSchemas = components['schemas']
