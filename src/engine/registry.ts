import type { AnyOperationDefinition } from './define-operation.ts'

/** Every kind of Operation this process knows. */
export type Registry<W> = {
  find(kind: string): AnyOperationDefinition<W> | undefined
  all: readonly AnyOperationDefinition<W>[]
}

export function makeRegistry<W>(definitions: readonly AnyOperationDefinition<W>[]): Registry<W> {
  const byKind = new Map(definitions.map((definition) => [definition.kind, definition]))
  if (byKind.size !== definitions.length) throw new Error('two operations have one kind')
  return { find: (kind) => byKind.get(kind), all: definitions }
}
