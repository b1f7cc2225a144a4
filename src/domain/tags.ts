import type { FieldProblem } from './errors.ts'
import type { Tag } from './instance.ts'

/** What people sort Instances by: names with values, each name once. A value may be empty. Their order says nothing. */
export const tagLimits = { most: 50, nameLength: 128, valueLength: 256 } as const

/** Everything wrong with them, each with its field. */
export function tagProblems(tags: Tag[]): FieldProblem[] {
  if (tags.length > tagLimits.most) {
    return [{ path: 'tags', message: `An Instance has at most ${tagLimits.most} tags; these are ${tags.length}.` }]
  }
  const seen = new Set<string>()
  return tags.flatMap(({ name, value }, index) => {
    const nameProblem = seen.has(name) ? `The tag "${name}" is given twice.` : tagNameProblem(name)
    seen.add(name)
    const valueLength = [...value].length
    const isTooLong = valueLength > tagLimits.valueLength
    const message = `A tag value has at most ${tagLimits.valueLength} characters; this one has ${valueLength}.`
    return [
      ...(nameProblem ? [{ path: `tags.${index}.name`, message: nameProblem }] : []),
      ...(isTooLong ? [{ path: `tags.${index}.value`, message }] : []),
    ]
  })
}

function tagNameProblem(name: string): string | undefined {
  const length = [...name].length
  if (name.trim() === '') return 'A tag has a name: it cannot be empty.'
  return length > tagLimits.nameLength
    ? `A tag name has at most ${tagLimits.nameLength} characters; this one has ${length}.`
    : undefined
}
