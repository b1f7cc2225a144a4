import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Context } from 'hono'

/**
 * The built console, read once and served from memory. Only names that were there can be asked for, so no path leads out of
 * the folder. Files with a hash in their name never change; the page itself is always asked for again.
 */
export type StaticConsole = {
  /** The file of this path, or the page for a path of the console's own; nothing for what looks like a missing file. */
  answer(c: Context): Response | undefined
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

type Asset = {
  body: Buffer<ArrayBuffer>
  gzipped: Buffer<ArrayBuffer> | undefined
  type: string
  etag: string
  isHashed: boolean
}

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Millrace</title>
<p>The console has not been built. Stop Millrace and start it with <code>npm start</code>, which builds it.</p></html>`

export function readStaticConsole(directory: string): StaticConsole {
  const assets = new Map(
    existsSync(directory) ? filesOf(directory).map((path) => [`/${relative(directory, path)}`, assetOf(path)]) : [],
  )
  const page = assets.get('/index.html')
  return {
    answer(c) {
      const asset = assets.get(c.req.path) ?? (extname(c.req.path) === '' ? page : undefined)
      if (asset) return send(c, asset)
      return extname(c.req.path) === '' ? c.html(notBuilt) : undefined
    },
  }
}

const filesOf = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

function assetOf(path: string): Asset {
  const body = Buffer.from(readFileSync(path))
  const type = types[extname(path)] ?? 'application/octet-stream'
  const isText = /^text|json|svg/.test(type)
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`
  return {
    body,
    gzipped: isText ? Buffer.from(gzipSync(body)) : undefined,
    type,
    etag,
    isHashed: /\/assets\//.test(path),
  }
}

function send(c: Context, asset: Asset): Response {
  c.header('ETag', asset.etag)
  c.header('Cache-Control', asset.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304)
  c.header('Content-Type', asset.type)
  c.header('Vary', 'Accept-Encoding')
  if (!asset.gzipped || !/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return c.body(asset.body)
  c.header('Content-Encoding', 'gzip')
  return c.body(asset.gzipped)
}
