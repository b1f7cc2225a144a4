import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, openSignedIn, startMillrace, type Millrace } from '../harness/browser.ts'

describe('Operations', () => {
  let millrace: Millrace
  let browser: Browser
  let page: Page

  before(async () => {
    millrace = await startMillrace()
    browser = await openBrowser()
    page = await openSignedIn(browser, millrace)
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  it('are paused and resumed from the page of their Instance', async () => {
    await create(page, 'paused')
    const underWay = page.getByRole('region', { name: 'Under way' })
    await underWay.getByRole('button', { name: 'Pause' }).click()
    await underWay.getByText('Paused', { exact: true }).waitFor()
    await page.getByRole('button', { name: /^paused is Creating/ }).waitFor()
    await underWay.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: /^paused is Running/ }).waitFor()
  })

  it('are cancelled at any step, and leave nothing', async () => {
    await create(page, 'cancelled')
    await page.getByRole('region', { name: 'Under way' }).getByRole('button', { name: 'Cancel operation' }).click()
    await page.getByText('This Instance is deleted').waitFor()
    await page.goto('/operations?state=Cancelled')
    await page.getByRole('table', { name: 'Operations' }).getByRole('link', { name: 'cancelled' }).waitFor()
  })

  it('say why something cannot be done to them', async () => {
    await page.goto('/instances')
    await page.getByRole('button', { name: 'Actions of paused' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete paused?' })
    await dialog.getByLabel('Type paused to confirm').fill('paused')
    await dialog.getByRole('button', { name: 'Delete for good' }).click()
    await page.goto('/operations')
    await page.getByRole('link', { name: 'Delete Instance' }).first().click()
    await page.getByRole('heading', { name: 'Delete Instance', level: 1 }).waitFor()
    const cancel = page.getByRole('button', { name: 'Cancel operation' })
    const done = page.getByText('Succeeded', { exact: true })
    await cancel.or(done).first().waitFor()
    if (await cancel.isVisible()) {
      assert.match((await cancel.getAttribute('aria-description')) ?? '', /cannot be cancelled/)
    }
    await done.waitFor()
  })

  it('show every step with what it took', async () => {
    await page.goto('/operations?state=Succeeded')
    await page.getByRole('link', { name: 'Create Instance' }).first().click()
    const steps = page.getByRole('list', { name: 'Steps of Create Instance' }).getByRole('listitem')
    await steps.first().waitFor()
    for (const words of await steps.allTextContents()) assert.match(words, /done.*\d (ms|s)/)
  })

  it('tell their end by a toast, wherever one is', async () => {
    await create(page, 'toasted')
    await page.getByRole('link', { name: 'Environment' }).click()
    await page.getByText(/Create Instance toasted: done in/).waitFor()
  })
})

async function create(page: Page, name: string): Promise<void> {
  await page.goto('/instances/new')
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Create Instance' }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}
