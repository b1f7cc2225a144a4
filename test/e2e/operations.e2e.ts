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

  it('close what cannot be done meanwhile, and say why', async () => {
    await create(page, 'held')
    await page.getByRole('region', { name: 'Under way' }).getByRole('button', { name: 'Pause' }).click()
    const remove = page.getByRole('button', { name: 'Delete', exact: true })
    assert.equal(await remove.getAttribute('aria-disabled'), 'true')
    assert.match((await remove.getAttribute('aria-description')) ?? '', /being created/)
    await page.getByRole('button', { name: 'Edit', exact: true }).focus()
    await page.keyboard.press('Tab')
    await page
      .getByRole('tooltip')
      .getByText(/being created.*cancel the create/)
      .waitFor()

    await page.getByRole('button', { name: /^held is Creating/ }).click()
    const story = page.getByRole('dialog', { name: /^held is Creating/ })
    await story.getByRole('button', { name: 'Cancel operation' }).click()
    await page.getByText('This Instance is deleted').waitFor()
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
