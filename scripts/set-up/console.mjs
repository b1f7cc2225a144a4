import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetUpError } from './set-up-error.mjs'

/** All that the pages are made of: a change in any of it means another build. */
const sources = ['src/console', 'src/client', 'src/domain', 'vite.config.ts', 'package-lock.json']

/**
 * Builds the console where its sources are not those of the last build.
 *
 * @param {string} checkout
 * @param {string} node
 */
export function ensureConsole(checkout, node) {
  const stampFile = join(checkout, 'dist/console.stamp')
  const stamp = stampOf(checkout)
  if (existsSync(join(checkout, 'dist/console/index.html')) && readIfThere(stampFile) === stamp) return
  console.log('Building the console …')
  rmSync(stampFile, { force: true })
  const vite = spawnSync(node, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error'], {
    cwd: checkout,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (vite.status !== 0) throw new SetUpError('The console could not be built: Vite says why above.')
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
}

/** @param {string} checkout */
function stampOf(checkout) {
  const hash = createHash('sha256')
  for (const path of sources.flatMap((source) => filesBelow(join(checkout, source)))) {
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)))
}

/** @param {string} file */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
