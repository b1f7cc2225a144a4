import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { makeInstance, openBrowser, openSignedIn, startMillrace, type Millrace } from '../harness/browser.ts'

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

  it('say what they wait for, and are paused, resumed and cancelled on the page of their Instance', async () => {
    const { instanceId } = await makeInstance(page, 'waits', { trouble: 'hangs' })
    await page.goto(`/instances/${instanceId}`)
    const underWay = page.getByRole('region', { name: 'Under way' })
    await underWay.getByText(/0 of 3 nodes answer/).waitFor()

    await underWay.getByRole('button', { name: 'Pause' }).click()
    await underWay.getByText('Paused', { exact: true }).waitFor()
    await underWay.getByRole('button', { name: 'Resume' }).click()
    await underWay.getByText('Waiting', { exact: true }).waitFor()

    await underWay.getByRole('button', { name: 'Cancel operation' }).click()
    await page.getByText('This Instance is deleted').waitFor()
    await page.goto('/operations?state=Cancelled')
    await page.getByRole('table', { name: 'Operations' }).getByRole('link', { name: 'waits' }).waitFor()
  })

  it('close what cannot be done meanwhile, and say why', async () => {
    const { instanceId } = await makeInstance(page, 'held', { trouble: 'hangs' })
    await page.goto(`/instances/${instanceId}`)
    const edit = page.getByRole('button', { name: 'Edit', exact: true })
    await edit.waitFor()
    assert.equal(await edit.getAttribute('aria-disabled'), 'true')
    assert.match((await edit.getAttribute('aria-description')) ?? '', /being created/)
    await page.getByRole('button', { name: 'Settings', exact: true }).focus()
    await page.keyboard.press('Tab')
    await page
      .getByRole('tooltip')
      .getByText(/being created.*cancel the create/)
      .first()
      .waitFor()

    await page.getByRole('button', { name: /^held is Creating/ }).click()
    const story = page.getByRole('dialog', { name: /^held is Creating/ })
    await story.getByRole('button', { name: 'Cancel operation' }).click()
    await page.getByText('This Instance is deleted').waitFor()
  })

  it('that fail say what went wrong, and leave retry and delete', async () => {
    const { instanceId } = await makeInstance(page, 'broken', { trouble: 'refused' })
    await page.goto(`/instances/${instanceId}`)
    await page.getByRole('button', { name: /^broken is Service Exception/ }).waitFor()
    const underWay = page.getByRole('region', { name: 'Under way' })
    await underWay
      .getByText(/This node is refused/)
      .first()
      .waitFor()
    assert.equal(await underWay.getByRole('button').first().innerText(), 'Retry')
    // It fails again at once: the page need not have shown what is between, but tells that it was tried.
    await underWay.getByRole('button', { name: 'Retry' }).click()
    await page.getByRole('tab', { name: 'Activity' }).click()
    await page
      .getByText(/Create Instance: This node is refused/)
      .nth(1)
      .waitFor()
    await page.getByRole('button', { name: /^broken is Service Exception/ }).waitFor()
    await page.goto('/instances')
    const row = page.getByRole('table', { name: 'Instances' }).getByRole('row', { name: /broken/ })
    await row.getByText(/^Create Instance failed at .*: This node is refused/).waitFor()
    await row.getByRole('link', { name: 'broken' }).click()

    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete broken?' })
    await dialog.getByLabel('Type broken to confirm').fill('broken')
    await dialog.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('This Instance is deleted').waitFor()
  })

  it('show every step with what it took', async () => {
    const { operationId } = await makeInstance(page, 'timed')
    await page.goto(`/operations/${operationId}`)
    await page.getByText('Succeeded', { exact: true }).waitFor()
    const steps = page.getByRole('list', { name: 'Steps of Create Instance' }).getByRole('listitem')
    for (const words of await steps.allTextContents()) assert.match(words, /done.*\d (ms|s)/)
    await page.goto('/operations')
    const row = page.getByRole('table', { name: 'Operations' }).getByRole('row', { name: /timed.*Succeeded/ })
    await row.waitFor()
    assert.equal(await row.getByText('Produce and consume').count(), 0)
  })

  it('tell their end by a toast, wherever one is', async () => {
    await page.goto('/environment')
    await page.getByRole('heading', { name: 'Environment', level: 1 }).waitFor()
    await makeInstance(page, 'toasted')
    await page.getByText(/Create Instance toasted: done in/).waitFor()
  })
})
