import { Hono, type Context } from 'hono'
import { apiRoot } from './route.ts'

/**
 * What answers while Millrace starts: 503 for everything, so that nobody takes what is not there yet for gone. Of another
 * environment than its own it says so at once, as it will later; it tells nobody who it is.
 */
export function makeStartingApp({ environmentId }: { environmentId: string }): Hono {
  const hono = new Hono()
  hono.get('/healthz', (c) => c.json({ status: 'ok' }))
  hono.all('*', (c) => {
    const asked = c.req.header('x-automq-environment-id')
    if (asked !== undefined && asked !== environmentId) return c.json({ error: elsewhere }, 403)
    c.header('Retry-After', String(secondsToWait))
    return isForPage(c) ? c.html(page, 503) : c.json({ error: starting }, 503)
  })
  return hono
}

const secondsToWait = 2

const starting = { code: 'Millrace.Starting', message: 'Millrace is starting. Try again in a moment.' }
const elsewhere = {
  code: 'Environment.Unknown',
  message: 'This Millrace does not serve the environment of X-Automq-Environment-Id.',
}

const isForPage = (c: Context): boolean =>
  !c.req.path.startsWith(apiRoot) && (c.req.header('accept') ?? '').includes('text/html')

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Millrace</title>
<meta http-equiv="refresh" content="${secondsToWait}"><p>${starting.message}</p></html>`
