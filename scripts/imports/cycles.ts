import type { Module } from './read-modules.ts'

/** Each circle of imports once, as the way around it. Types count: two files that need each other's are one file. */
export function findCycles(modules: Module[]): string[][] {
  const targets = new Map(modules.map(({ path, imports }) => [path, imports.map(({ target }) => target)]))
  const left = new Set<string>()
  const circles: string[][] = []

  function visit(path: string, way: string[]): void {
    const before = way.indexOf(path)
    if (before >= 0) circles.push([...way.slice(before), path])
    if (before >= 0 || left.has(path)) return
    for (const target of targets.get(path) ?? []) visit(target, [...way, path])
    left.add(path)
  }
  for (const path of targets.keys()) visit(path, [])
  return circles
}
