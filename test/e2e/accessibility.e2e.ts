import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import {
  makeInstance,
  openBrowser,
  openPage,
  openSignedIn,
  refuseAxeFindings,
  startMillrace,
  type Millrace,
} from '../harness/browser.ts'

type Shown = { instanceId: string; operationId: string }

/** Every page, and what opens on it. A new page is a new line. */
const pages: [name: string, path: (shown: Shown, failed: Shown) => string, open?: (page: Page) => Promise<void>][] = [
  ['the Instances', () => '/instances'],
  ['the Instances without a match', () => '/instances?keyword=nobody'],
  ['a state’s story', () => '/instances', (page) => page.getByRole('button', { name: /^orders is/ }).click()],
  ['a row’s menu', () => '/instances', (page) => page.getByRole('button', { name: 'Actions of orders' }).click()],
  ['the form', () => '/instances/new'],
  ['the form with errors', () => '/instances/new', refuse],
  ['an Instance', ({ instanceId }) => `/instances/${instanceId}`],
  ['its nodes', ({ instanceId }) => `/instances/${instanceId}?tab=nodes`],
  ['its Operations', ({ instanceId }) => `/instances/${instanceId}?tab=operations`],
  ['its activity', ({ instanceId }) => `/instances/${instanceId}?tab=activity`],
  ['its deletion', ({ instanceId }) => `/instances/${instanceId}`, askToDelete],
  ['an Instance that failed', (_, { instanceId }) => `/instances/${instanceId}`],
  ['the Operations', () => '/operations'],
  ['an Operation', ({ operationId }) => `/operations/${operationId}`],
  ['the environment', () => '/environment'],
  ['the command palette', () => '/instances', (page) => page.keyboard.press('Control+k')],
  ['a page that is not there', () => '/nowhere'],
]

const screens = [
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
] as const

async function refuse(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Create Instance' }).click()
  await page.getByText(/this one has 0/).waitFor()
}

async function askToDelete(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('list', { name: 'What will be deleted' }).waitFor()
}

describe('no page has an axe finding', () => {
  let millrace: Millrace
  let browser: Browser
  let shown: Shown
  let failed: Shown

  before(async () => {
    millrace = await startMillrace()
    browser = await openBrowser()
    const page = await openSignedIn(browser, millrace)
    const { instanceId } = (shown = await makeInstance(page, 'orders'))
    failed = await makeInstance(page, 'broken', 'refused')
    await page.goto(`/instances/${instanceId}`)
    await page.getByRole('button', { name: /^orders is Running/ }).waitFor()
    await page.goto(`/instances/${failed.instanceId}`)
    await page.getByRole('button', { name: /^broken is Service Exception/ }).waitFor()
    await page.context().close()
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  for (const [colorScheme, width] of screens) {
    const screen = `${colorScheme}, ${width} pixels wide`
    it(`on the way in, ${screen}`, async () => {
      const page = await openPage(browser, millrace, { colorScheme, viewport: { width, height: 900 } })
      await page.goto('/auth/login')
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await refuseAxeFindings(page)
      await page.context().close()
    })

    it(`inside, ${screen}`, async (test) => {
      const page = await openSignedIn(browser, millrace, { colorScheme, viewport: { width, height: 900 } })
      for (const [name, path, open] of pages) {
        await test.test(name, async () => {
          await page.goto(path(shown, failed))
          await page.getByRole('heading', { level: 1 }).waitFor()
          await open?.(page)
          await settle(page)
          await refuseAxeFindings(page)
          await refuseSideways(page)
        })
      }
      await page.context().close()
    })
  }
})

/** Nothing is being read, and nothing fades in any more: half-faded text has half its contrast. */
const isSettled = `
  ![...document.querySelectorAll('[role=status]')].some((words) => words.textContent.endsWith('…')) &&
  !document.getAnimations().some(({ effect }) => effect.getComputedTiming().iterations === 1)`

async function settle(page: Page): Promise<void> {
  // Not `waitForFunction`: it evaluates text in the page, which the page's policy forbids.
  while (!(await page.evaluate<boolean>(isSettled))) await page.waitForTimeout(50)
}

async function refuseSideways(page: Page): Promise<void> {
  const excess = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
  if (excess > 0) throw new Error(`${page.url()} is ${excess} pixels too wide`)
}
