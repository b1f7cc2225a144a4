/** What several addresses hold in the same way. */
export type Raw = Record<string, unknown>

/** A keyword of digits alone arrives as a number. */
export function keywordOf({ keyword }: Raw): { keyword?: string } {
  const text = typeof keyword === 'number' ? String(keyword) : keyword
  return typeof text === 'string' && text !== '' ? { keyword: text } : {}
}

export const pageOf = ({ page }: Raw): { page?: number } =>
  Number.isInteger(page) && Number(page) > 1 ? { page: Number(page) } : {}
