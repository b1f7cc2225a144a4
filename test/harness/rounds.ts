import type { Reconciler, Round, Subject } from '../../src/engine/define-reconciler.ts'

/** All that a duty looks at in the rounds that it deals a small fleet out to. */
export async function subjectsOf<W, S extends Subject, F>(
  reconciler: Reconciler<W, S, F>,
  round: Round<W>,
): Promise<S[]> {
  const subjects = new Map<string, S>()
  for (const turn of [1, 2, 3]) {
    for (const subject of await reconciler.subjects(round, turn)) subjects.set(subject.id, subject)
  }
  return [...subjects.values()]
}
