import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SetUpError } from './set-up-error.mjs'

const leastNode = 24

/**
 * The Node that runs Millrace: this one if it is new enough, else the one that came with the packages.
 *
 * @param {string} checkout
 */
export function findNode(checkout) {
  if (Number(process.versions.node.split('.')[0]) >= leastNode && existsSync(process.execPath)) return process.execPath
  const packaged = join(checkout, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
  if (existsSync(packaged)) return packaged
  throw new SetUpError(
    `Millrace needs Node ${leastNode} or later; this is ${process.version}, and for ${process.platform} on ${process.arch} ` +
      'no package brings one. Install it from https://nodejs.org and start again.',
  )
}
