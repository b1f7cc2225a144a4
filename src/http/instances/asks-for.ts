/** Does a value ask for something? An empty text, list or object, 0 and null do not, nor does what is switched off. */
export const isGiven = (value: unknown): boolean => {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return value !== undefined && value !== null && value !== '' && value !== 0
}

export const isEnabled = (value: unknown): boolean =>
  isGiven(value) && (value as { enabled?: unknown }).enabled !== false
