import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A source file, and what it imports in whatever form. */
export type Module = { path: string; imports: Import[] }

export type Import = {
  /** A path from the checkout, or the name of a package. */
  target: string
  isFile: boolean
  /** `import type` and `export type`: gone when the program runs. */
  isType: boolean
  line: number
}

export function readModules(folder: string): Module[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .sort()
    .map((path) => ({ path, imports: importsOf(path, readFileSync(path, 'utf8')) }))
}

// Formatting is checked too, so that a statement begins its line and its names hold no quotes.
const statement = /^(?:import|export)\s(?<type>type\s)?(?:[^'"`;()]*?\sfrom\s)?\s*['"](?<name>[^'"]+)['"]/gm
// `await import('x')`, the type `import('x').Y`, and a worker's `new URL('./x.ts', import.meta.url)`.
const expression = /\bimport\(\s*['"](?<name>[^'"]+)['"]|\bnew URL\(\s*['"](?<file>[^'"]+\.tsx?)['"]/g

export function importsOf(path: string, source: string): Import[] {
  return [...source.matchAll(statement), ...source.matchAll(expression)].map((match) => {
    const { type, name, file } = match.groups ?? {}
    const target = name ?? file ?? ''
    const isFile = target.startsWith('.')
    return {
      target: isFile ? join(dirname(path), target) : target,
      isFile,
      isType: type !== undefined,
      line: source.slice(0, match.index).split('\n').length,
    }
  })
}
