import type { Problem } from '../problem.ts'

/**
 * What the server said of single fields, by the names of the form's fields. A field path that the form does not show is
 * shown at the nearest field above it: `spec.networks.0.zone` at `networks`. A conflict of names belongs to the name.
 */
export function fieldErrors(problem: Problem, fields: readonly string[]): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { path, message } of problem.fields) {
    const field = fieldFor(path, fields)
    if (field) errors[field] ??= message
  }
  if (problem.code === 'Instance.NameTaken') errors['name'] ??= problem.message
  return errors
}

function fieldFor(path: string, fields: readonly string[]): string | undefined {
  const words = path.replace(/^(spec|features)\./, '').split('.')
  for (let length = words.length; length > 0; length--) {
    const candidate = words.slice(0, length).join('.')
    if (fields.includes(candidate)) return candidate
  }
  return undefined
}
