import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetUpError } from './set-up-error.mjs'

/**
 * Brings `node_modules` to what the lock file says, where it is not so already.
 *
 * @param {string} checkout
 */
export function ensurePackages(checkout) {
  if (isInstalled(checkout)) return
  console.log('Installing the packages of the lock file …')
  // Installing removes the Node in node_modules, so the machine's own must do it.
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(join(checkout, 'node_modules')))
  const env = { ...process.env, PATH: path.join(delimiter) }
  // The loudest warnings at this level are that this Node is older than the one being installed.
  const npm = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: checkout,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (npm.error) throw new SetUpError(`npm could not be started: ${npm.error.message}`)
  if (npm.status !== 0) throw new SetUpError('The packages could not be installed: npm says why above.')
}

/**
 * npm writes down what it installed; each package of the lock file must be in there with its integrity. Those for other
 * systems are optional and absent.
 *
 * @param {string} checkout
 */
function isInstalled(checkout) {
  const installed = readPackages(join(checkout, 'node_modules/.package-lock.json'))
  if (!installed) return false
  const locked = readPackages(join(checkout, 'package-lock.json'))
  if (!locked) throw new SetUpError('package-lock.json is missing: this is no complete checkout.')
  return Object.entries(locked).every(([path, { integrity, optional }]) => {
    const found = installed[path]
    return path === '' || (found ? found.integrity === integrity : optional)
  })
}

/**
 * @param {string} file
 * @returns {Record<string, { integrity?: string, optional?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch (thrown) {
    if (/** @type {NodeJS.ErrnoException} */ (thrown).code === 'ENOENT') return undefined
    throw thrown
  }
}
