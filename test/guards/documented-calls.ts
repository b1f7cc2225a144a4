import document from '../../openapi.json' with { type: 'json' }

/** Every call of the API document. */
export type DocumentedCall = {
  /** `POST /api/v1/instances` */
  name: string
  method: string
  path: string
  permission: string
  headers: string[]
}

type Documented = { 'x-permission'?: string; parameters?: { name: string; in: string }[] }

export const documentedCalls: DocumentedCall[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Documented>).map(([method, call]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    permission: call['x-permission'] ?? 'none stated',
    headers: (call.parameters ?? []).filter((one) => one.in === 'header').map((one) => one.name),
  })),
)

export const isChange = ({ method }: DocumentedCall): boolean => method !== 'GET'

/** An answer that does not end by itself. */
export const isLasting = ({ path }: DocumentedCall): boolean => path.endsWith('/events/stream')

/** The path with ids that could be, but are nobody's. */
export const somePath = ({ path }: Pick<DocumentedCall, 'path'>): string =>
  path
    .replaceAll('{instanceId}', 'kf-0000000000000000')
    .replaceAll('{operationId}', 'op-0000000000000000')
    .replace(/\{\w+\}/g, 'none')
