import { millraceItself } from './permission.ts'

/** Rules of what people may call things. Each returns what is wrong, with the rule, or nothing. */

const instanceName = /^[\p{Script=Han}A-Za-z0-9_-]+$/u

export function instanceNameProblem(name: string): string | undefined {
  const length = [...name].length
  if (length < 3 || length > 64) return `A name has 3 to 64 characters; this one has ${length}.`
  if (!instanceName.test(name)) return 'A name holds letters (Chinese included), digits, "_" and "-" only.'
  return undefined
}

export const longestDescription = 256

export function descriptionProblem(description: string): string | undefined {
  // PostgreSQL's texts hold every character but this one.
  if (description.includes('\0')) return 'A remark holds no NUL character.'
  const length = [...description].length
  return length > longestDescription
    ? `A remark has at most ${longestDescription} characters; this one has ${length}.`
    : undefined
}

const accountName = /^[A-Za-z0-9_-]{3,64}$/

/** Of a member, or of a service account. */
export function accountNameProblem(name: string): string | undefined {
  if (!accountName.test(name)) return 'A name has 3 to 64 letters, digits, "_" and "-".'
  return name.toLowerCase() === millraceItself.name
    ? `"${name}" is what the audit calls Millrace itself: choose another name.`
    : undefined
}

const environmentId = /^[A-Za-z][A-Za-z0-9-]{0,31}$/

export function environmentIdProblem(id: string): string | undefined {
  return environmentId.test(id)
    ? undefined
    : 'An environment id begins with a letter and has at most 32 letters, digits and "-".'
}
