import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { findCycles } from './imports/cycles.ts'
import { readModules, type Import, type Module } from './imports/read-modules.ts'
import { ruleFor } from './imports/layers.ts'

/**
 * The walls between the layers: reads every import below `src/`, holds it against the table of `imports/layers.ts`, and
 * looks for circles. Says how much it has read, because a check that reads nothing is always content.
 *
 * A test may import whatever it tests with; everything else may not import a test or anything outside `src/`.
 */
const modules = readModules('src')
const product = modules.filter(({ path }) => !isTest(path))
const imports = product.reduce((sum, module) => sum + module.imports.length, 0)

const problems = [
  ...product.flatMap((module) => module.imports.flatMap((one) => problemOf(module, one))),
  ...findCycles(modules).map((circle) => `a circle of imports: ${circle.join(' → ')}`),
]
for (const problem of problems) console.error(problem)
console.log(`Imports: ${modules.length} modules and ${imports} imports read, ${problems.length} problems.`)
process.exitCode = problems.length > 0 || product.length === 0 || imports === 0 ? 1 : 0

function problemOf(module: Module, one: Import): string[] {
  const where = `${module.path}:${one.line}`
  if (isBuiltin(one.target)) return mayUse(module, 'node:') ? [] : [`${where} may not use Node (${one.target})`]
  if (!one.isFile) {
    return mayUse(module, one.target) ? [] : [`${where} may not use the package ${one.target}`]
  }
  if (!existsSync(one.target)) return [`${where} imports ${one.target}, which does not exist`]
  if (isTest(one.target)) return [`${where} imports the test ${one.target}`]
  return mayImport(module, one) ? [] : [`${where} may not import ${one.isType ? 'types of ' : ''}${one.target}`]
}

function mayUse(module: Module, name: string): boolean {
  const { packages } = ruleFor(module.path)
  return packages === 'any' || packages.some((allowed) => name === allowed || name.startsWith(`${allowed}/`))
}

function mayImport(module: Module, { target, isType }: Import): boolean {
  const rule = ruleFor(module.path)
  return [...rule.files, ...(isType ? (rule.types ?? []) : [])].some(
    (allowed) => target === allowed || (allowed.endsWith('/') && target.startsWith(allowed)),
  )
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path)
}
