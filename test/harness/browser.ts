import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { troubleSetting, type Trouble } from '../../src/providers/simulated/faults.ts'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { mourn } from './mourn.ts'

/**
 * A whole Millrace with the simulated provider and a home of its own, and a browser to use it with. Both end with the
 * test file, also when a test fails or the run is killed.
 */
export type Millrace = { url: string; firstPassword: string | undefined; [Symbol.asyncDispose]: () => Promise<void> }

export const user = 'admin'
export const password = 'Water-wheel-7'

const checkout = join(import.meta.dirname, '../..')
const startTimeoutMs = 60_000

export async function startMillrace(settings: NodeJS.ProcessEnv = {}): Promise<Millrace> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-e2e-'))
  const mourner = mourn(home)
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: checkout,
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: '0',
      MILLRACE_HOME: home,
      MILLRACE_PROVIDER: 'simulated',
      MILLRACE_INITIAL_USER: user,
      MILLRACE_INITIAL_PASSWORD: password,
      LOG_LEVEL: 'error',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(home, { recursive: true, force: true })
    mourner[Symbol.dispose]()
  }
  try {
    return { ...(await readAnnouncement(child)), [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The first lines that Millrace prints: its address, and the first password where none was given. */
async function readAnnouncement(child: ChildProcess): Promise<{ url: string; firstPassword: string | undefined }> {
  const lines: string[] = []
  const read = (line: string) => lines.push(line)
  createInterface(child.stderr!).on('line', read)
  const stdout = createInterface(child.stdout!)
  stdout.on('line', read)
  const deadline = AbortSignal.timeout(startTimeoutMs)
  const ended = once(child, 'exit', { signal: deadline }).catch(() => undefined)
  while (!lines.some((line) => line.startsWith('Ctrl-C stops Millrace'))) {
    const line = once(stdout, 'line', { signal: deadline }).then(() => true)
    const isGoingOn = await Promise.race([line.catch(() => false), ended.then(() => false)])
    if (!isGoingOn) throw new Error(`Millrace did not start:\n${lines.join('\n')}`)
  }
  const printed = lines.join('\n')
  return {
    url: /Millrace is ready: (\S+?)\/?$/m.exec(printed)![1]!,
    firstPassword: /with the password (\S+)/.exec(printed)?.[1],
  }
}

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export async function openPage(browser: Browser, millrace: Millrace, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    baseURL: millrace.url,
    viewport: { width: 1440, height: 900 },
    ...options,
  })
  context.setDefaultTimeout(15_000)
  return await context.newPage()
}

export async function signIn(page: Page, as = { user, password }): Promise<void> {
  await page.goto('/auth/login')
  await page.getByLabel('User').fill(as.user)
  await page.getByLabel('Password', { exact: true }).fill(as.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export async function openSignedIn(browser: Browser, millrace: Millrace, options: BrowserContextOptions = {}) {
  const page = await openPage(browser, millrace, options)
  await signIn(page)
  await page.getByRole('heading', { name: 'Instances', level: 1 }).waitFor()
  return page
}

type Call = { method: string; path: string; body?: unknown }

/** The API as the page's own session sees it: for setting a scene that is not the story of the test. */
export async function callApi<T>(page: Page, { method, path, body }: Call): Promise<T> {
  const answer = await page.evaluate(
    async ([verb, address, sent]) => {
      const response = await fetch(`/api/v1${address}`, {
        method: verb,
        ...(sent === undefined ? {} : { body: JSON.stringify(sent), headers: { 'content-type': 'application/json' } }),
      })
      return { ok: response.ok, text: await response.text() }
    },
    [method, path, body] as const,
  )
  assert.ok(answer.ok, `${method} ${path}: ${answer.text}`)
  return (answer.text === '' ? undefined : JSON.parse(answer.text)) as T
}

type Made = { instanceId: string; operationId: string }

type Making = {
  /** The recommended one, unless it says otherwise. */
  version?: string
  /** Its nodes have this trouble of the simulated world from the start. */
  trouble?: Trouble
  /** Who may come in, and over what; anybody in plain text unless it says otherwise. */
  security?: { authenticationMethods: string[]; transitEncryptionModes: string[] }
}

/** An Instance made through the API. */
export async function makeInstance(
  page: Page,
  name: string,
  { version, trouble, security }: Making = {},
): Promise<Made> {
  const body = {
    name,
    version: version ?? (await recommendedVersion(page)),
    spec: { reservedAku: 3, networks: ['sim-a', 'sim-b', 'sim-c'].map((zone) => ({ zone })) },
    features: {
      ...(trouble && { instanceConfigs: [{ key: troubleSetting, value: trouble }] }),
      ...(security && { security }),
    },
  }
  const { instanceId } = await callApi<{ instanceId: string }>(page, { method: 'POST', path: '/instances', body })
  const path = `/operations?instanceId=${instanceId}`
  const { list } = await callApi<{ list: { operationId: string }[] }>(page, { method: 'GET', path })
  return { instanceId, operationId: list[0]!.operationId }
}

export async function recommendedVersion(page: Page): Promise<string> {
  type Versions = { list: { version: string; recommended: boolean }[] }
  const { list } = await callApi<Versions>(page, { method: 'GET', path: '/versions' })
  return list.find(({ recommended }) => recommended)!.version
}

/** One that is made, and serves. */
export async function makeRunning(page: Page, name: string, making: Making = {}): Promise<Made> {
  const made = await makeInstance(page, name, making)
  await page.goto(`/instances/${made.instanceId}`)
  await page.getByRole('button', { name: new RegExp(`^${name} is Running`) }).waitFor({ timeout: 120_000 })
  return made
}

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
type Finding = { id: string; help: string; nodes: { html: string; failureSummary: string }[] }

/** WCAG 2.2 A and AA and axe's own best practices. A finding fails with the element and the reason. */
export async function refuseAxeFindings(page: Page): Promise<void> {
  // As the browser's own console would: the page's policy forbids scripts from elsewhere.
  await page.evaluate(axeSource)
  const findings = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: Finding[] }> } }
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    return (await axe.run({ runOnly })).violations
  })
  const words = findings.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}\n${nodes[0]?.failureSummary}`)
  assert.deepEqual(words, [], page.url())
}

/** Nothing is wider than the page, or than the room that it has there. */
export async function refuseSideways(page: Page): Promise<void> {
  const excess = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
  if (excess > 0) throw new Error(`${page.url()} is ${excess} pixels too wide`)
  const squeezed = await page.evaluate<string[]>(squeezedTexts)
  if (squeezed.length > 0) throw new Error(`${page.url()} has no room for: ${squeezed.join(' | ')}`)
}

/** Cells whose text runs into the next one, and what its frame cuts off though nobody can scroll there. */
const squeezedTexts = `(() => {
  const cells = [...document.querySelectorAll("td, th, dt, dd")]
  const framed = [...document.querySelectorAll("table, [role=radiogroup]")]
  const isScrolled = (one) => one.closest(".mantine-TableScrollContainer-scrollContainer") !== null
  return [
    ...cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1),
    ...framed.filter((one) => one.offsetWidth > one.parentElement.clientWidth + 1 && !isScrolled(one)),
  ].map(({ textContent }) => textContent.slice(0, 80))
})()`
