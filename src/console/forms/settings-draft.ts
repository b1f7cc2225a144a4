/** The Instance's own settings while a person changes them. Pure; rows keep their place until the dialog closes. */
export type DraftRow = {
  key: string
  /** Null: not typed yet. */
  value: string | null
  /** What it is now; null: it is not set. */
  before: string | null
  isRemoved: boolean
}

type Setting = { key: string; value: string }

export const draftOf = (present: Setting[]): DraftRow[] =>
  present.map(({ key, value }) => ({ key, value, before: value, isRemoved: false }))

/** A key that is there already, taken away or not, is not there twice. */
export function withKey(rows: DraftRow[], key: string): DraftRow[] {
  const isThere = rows.some((row) => row.key === key)
  return isThere ? putBack(rows, key) : [...rows, { key, value: null, before: null, isRemoved: false }]
}

export const withValue = (rows: DraftRow[], key: string, value: string): DraftRow[] =>
  rows.map((row) => (row.key === key ? { ...row, value } : row))

/** What is set now stays as a row that says so; what was only typed goes. */
export const without = (rows: DraftRow[], key: string): DraftRow[] =>
  rows
    .filter((row) => row.key !== key || row.before !== null)
    .map((row) => (row.key === key ? { ...row, isRemoved: true } : row))

export const putBack = (rows: DraftRow[], key: string): DraftRow[] =>
  rows.map((row) => (row.key === key ? { ...row, isRemoved: false } : row))

/** As it is sent, without what has no value yet: the order says which row an error is of. */
export const wantedIn = (rows: DraftRow[]): Setting[] =>
  rows.flatMap(({ key, value, isRemoved }) => (isRemoved || value === null ? [] : [{ key, value }]))

/** The key that still needs a value. */
export const unfilledIn = (rows: DraftRow[]): string | undefined => rows.find(({ value }) => value === null)?.key

export const isChanged = (rows: DraftRow[]): boolean =>
  rows.some(({ value, before, isRemoved }) => isRemoved || (value !== null && value !== before))

const pathsOf = (index: number) => ['key', 'value'].map((part) => `features.instanceConfigs.${index}.${part}`)

/** Every field that the server may name. */
export const fieldsOf = (rows: DraftRow[]): string[] => wantedIn(rows).flatMap((_, index) => pathsOf(index))

export function errorAt(rows: DraftRow[], key: string, errors: Record<string, string>): string | undefined {
  const index = wantedIn(rows).findIndex((wanted) => wanted.key === key)
  return pathsOf(index)
    .map((path) => errors[path])
    .find((words) => words !== undefined)
}
