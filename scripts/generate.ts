import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiDocument } from '../src/http/openapi.ts'

/**
 * Writes `openapi.json` from the routes, and `src/client/schema.ts` from that. `--check` writes nothing and fails when either
 * is not what the routes say; the schema names the document that it was made from, so checking needs no generator.
 */
const checkout = join(import.meta.dirname, '..')
const documentFile = join(checkout, 'openapi.json')
const schemaFile = join(checkout, 'src/client/schema.ts')

const written = `${JSON.stringify(apiDocument(), null, 2)}\n`
const head = `// Made from openapi.json by "npm run generate"; never edited. Document: ${createHash('sha256').update(written).digest('hex')}\n`

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

function check(): void {
  const stale = [
    ...(read(documentFile) === written ? [] : ['openapi.json']),
    ...(read(schemaFile).startsWith(head) ? [] : ['src/client/schema.ts']),
  ]
  if (stale.length === 0) return
  console.error(`${stale.join(' and ')} differ from the routes. Run: npm run generate`)
  process.exitCode = 1
}

/** In a folder of its own: the generator needs another TypeScript than the one we compile with. */
function generate(): void {
  const tools = join(checkout, 'tools/openapi')
  if (!existsSync(join(tools, 'node_modules'))) execFileSync('npm', ['ci'], { cwd: tools, stdio: 'inherit' })
  writeFileSync(documentFile, written)
  const generator = join(tools, 'node_modules/openapi-typescript/bin/cli.js')
  const schema = execFileSync(process.execPath, [generator, documentFile], { cwd: tools, encoding: 'utf8' })
  writeFileSync(schemaFile, head + schema)
}

if (process.argv.includes('--check')) check()
else generate()
