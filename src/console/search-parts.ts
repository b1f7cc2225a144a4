/** What several addresses hold in the same way. */
export type Raw = Record<string, unknown>

export const keywordOf = (raw: Raw): { keyword?: string } => typedOf('keyword', raw)

/** What a person typed; of digits alone it arrives as a number. */
export function typedOf<K extends string>(name: K, { [name]: typed }: Raw): { [key in K]?: string } {
  const text = typeof typed === 'number' ? String(typed) : typed
  return typeof text === 'string' && text !== '' ? ({ [name]: text } as { [key in K]?: string }) : {}
}

export const pageOf = ({ page }: Raw): { page?: number } =>
  Number.isInteger(page) && Number(page) > 1 ? { page: Number(page) } : {}
