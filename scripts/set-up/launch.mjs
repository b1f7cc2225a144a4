import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { ensureConsole } from './console.mjs'
import { findNode } from './node.mjs'
import { ensurePackages } from './packages.mjs'
import { SetUpError } from './set-up-error.mjs'
import { checkTools } from './tools.mjs'

/**
 * The way from a bare clone to a running program, for any Node that the machine has. Plain JavaScript without a package,
 * because it runs before there are any. What is in order already is seen from a few small files, so that a second start
 * costs next to nothing.
 */

const checkout = join(import.meta.dirname, '../..')

/**
 * Sets up what the program needs, runs it with the right Node, and ends as it ends.
 *
 * @param {string} program below the checkout
 * @param {{ tools: string[], buildsConsole: boolean }} needs
 */
export async function launch(program, { tools, buildsConsole }) {
  try {
    checkTools(tools)
    ensurePackages(checkout)
    const node = findNode(checkout)
    if (buildsConsole) ensureConsole(checkout, node)
    process.exitCode = await run(node, [join(checkout, program), ...process.argv.slice(2)])
  } catch (thrown) {
    if (!(thrown instanceof SetUpError)) throw thrown
    console.error(`\n${thrown.message}\n`)
    process.exitCode = 1
  }
}

/**
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>} the exit code; a signal's number plus 128, as shells have it
 */
function run(node, args) {
  // The right Node comes first for whatever the program starts in its turn.
  const path = `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`
  // Compiled code is kept: a third of the time of a second start.
  const cache = join(checkout, 'node_modules/.cache/compile')
  const env = { NODE_COMPILE_CACHE: cache, ...process.env, PATH: path }
  const child = spawn(node, args, { cwd: checkout, env, stdio: 'inherit' })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // A terminal sends Ctrl-C to both of us, npm to this process alone: the program must take it twice as once.
    process.on(signal, () => child.kill(signal))
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)))
  })
}
