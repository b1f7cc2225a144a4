/** What is otherwise after a deed, line by line. Pure. */
type DiffLine = { field: string; before: string | undefined; after: string | undefined; isChanged: boolean }

/**
 * Changed fields first. Where the audit knows both sides and a deed names only what it asks for, what it does not name stays as
 * it was. Lists of named things, such as settings, are told apart by their names.
 */
export function diffLines(before: unknown, after: unknown): DiffLine[] {
  const was = flatten(before)
  const is = flatten(lifted(after))
  const hasBoth = was.size > 0 && is.size > 0
  const lines = [...new Set([...was.keys(), ...is.keys()])].map((field) => {
    const isUnnamed = hasBoth && !is.has(field)
    const line = { field, before: was.get(field), after: isUnnamed ? was.get(field) : is.get(field) }
    return { ...line, isChanged: line.before !== line.after }
  })
  return [...lines.filter(({ isChanged }) => isChanged), ...lines.filter(({ isChanged }) => !isChanged)]
}

/** What an Instance is wished to be stands beside how it is to get there; it is held against how the Instance was. */
function lifted(after: unknown): unknown {
  if (typeof after !== 'object' || after === null || !('wish' in after)) return after
  const { wish, ...others } = after
  return typeof wish === 'object' ? { ...wish, ...others } : after
}

function flatten(value: unknown, path = ''): Map<string, string> {
  if (value === null || value === undefined) return path === '' ? new Map() : new Map([[path, 'none']])
  if (typeof value !== 'object')
    return new Map([[path === '' ? 'value' : path, `${value as string | number | boolean}`]])
  const entries = Array.isArray(value) ? value.map(entryOf) : Object.entries(value)
  if (entries.length === 0) return path === '' ? new Map() : new Map([[path, 'empty']])
  return new Map(entries.flatMap(([key, item]) => [...flatten(item, path === '' ? key : `${path}.${key}`)]))
}

function entryOf(item: unknown, index: number): [string, unknown] {
  if (typeof item !== 'object' || item === null) return [String(index + 1), item]
  const { key, name, value } = item as Record<string, unknown>
  const called = key ?? name
  return typeof called === 'string' && value !== undefined ? [called, value] : [String(index + 1), item]
}
