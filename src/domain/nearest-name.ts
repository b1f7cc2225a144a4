/**
 * The name most like the one that was typed: the fewest letters to put in, take away or exchange; the first of equals.
 * Undefined: none is like it, more than a third of the letters are others.
 */
export function nearestName(typed: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let most = Math.max(2, Math.ceil(typed.length / 3))
  for (const name of names) {
    if (Math.abs(name.length - typed.length) > most) continue
    const edits = editsBetween(typed, name)
    if (edits > most) continue
    nearest = name
    most = edits - 1
  }
  return nearest
}

/** Levenshtein's distance, one row of the table at a time. */
export function editsBetween(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [row, letter] of [...one].entries()) {
    const current = [row + 1]
    for (let column = 1; column <= other.length; column++) {
      const exchange = above[column - 1]! + (letter === other[column - 1] ? 0 : 1)
      current.push(Math.min(exchange, above[column]! + 1, current[column - 1]! + 1))
    }
    above = current
  }
  return above[other.length]!
}
