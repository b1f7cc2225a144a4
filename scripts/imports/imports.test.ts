import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findCycles } from './cycles.ts'
import { importsOf } from './read-modules.ts'

const targets = (source: string) => importsOf('src/http/a.ts', source).map(({ target }) => target)

describe('reading the imports of a module', () => {
  const forms: [string, string, string[]][] = [
    ['names', `import { a } from '../store/b.ts'`, ['src/store/b.ts']],
    ['names over several lines', `import {\n  a,\n  b,\n} from './b.ts'`, ['src/http/b.ts']],
    ['a default and a namespace', `import a from 'a'\nimport * as b from 'node:fs'`, ['a', 'node:fs']],
    ['only an effect', `import './a.css'`, ['src/http/a.css']],
    ['exports of another', `export { a } from './b.ts'\nexport * from './c.ts'`, ['src/http/b.ts', 'src/http/c.ts']],
    ['with attributes', `import a from './a.json' with { type: 'json' }`, ['src/http/a.json']],
    ['when it runs', `const a = await import('./b.ts')`, ['src/http/b.ts']],
    ['the type of a module', `type A = import('./b.ts').A`, ['src/http/b.ts']],
    ['a worker', `new Worker(new URL('./w.ts', import.meta.url))`, ['src/http/w.ts']],
    ['no import', `export const from = 'x'\nconsole.log("import a from 'b'")`, []],
  ]
  for (const [name, source, found] of forms) test(name, () => assert.deepEqual(targets(source), found))

  test('tells types apart, and the line of each', () => {
    const source = `import type { A } from './a.ts'\n\nimport { type B } from './b.ts'\nexport type { C } from './c.ts'`
    const found = importsOf('src/a.ts', source).map(({ isType, line }) => [isType, line])
    assert.deepEqual(found, [
      [true, 1],
      [false, 3],
      [true, 4],
    ])
  })
})

describe('circles', () => {
  const modules = (edges: Record<string, string[]>) =>
    Object.entries(edges).map(([path, list]) => ({
      path,
      imports: list.map((target) => ({ target, isFile: true, isType: false, line: 1 })),
    }))

  test('are found however long', () => {
    const found = findCycles(modules({ a: ['b'], b: ['c'], c: ['d', 'b'], d: [] }))
    assert.deepEqual(found, [['b', 'c', 'b']])
  })

  test('are none where two ways lead to one module', () => {
    assert.deepEqual(findCycles(modules({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })), [])
  })
})
