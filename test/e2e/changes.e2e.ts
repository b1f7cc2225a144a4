import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import {
  callApi,
  makeRunning,
  openBrowser,
  openSignedIn,
  recommendedVersion,
  startMillrace,
  type Millrace,
} from '../harness/browser.ts'

const old = '4.1.2'

/** A change takes its time, and longer on a machine that is busy. */
const patienceMs = 90_000

describe('a running Instance', () => {
  let millrace: Millrace
  let browser: Browser
  let page: Page
  let newest: string

  before(async () => {
    millrace = await startMillrace()
    browser = await openBrowser()
    page = await openSignedIn(browser, millrace)
    page.setDefaultTimeout(patienceMs)
    newest = await recommendedVersion(page)
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  const underWay = () => page.getByRole('region', { name: 'Under way' })
  const nodeRows = (words: string | RegExp) =>
    page.getByRole('table', { name: 'Nodes' }).getByRole('row').filter({ hasText: words })

  async function openDialog(button: string, title: string): Promise<Locator> {
    await page.getByRole('button', { name: button, exact: true }).click()
    return page.getByRole('dialog', { name: title })
  }

  it('is upgraded with a pause after its first node, resumed, and rolled back', async () => {
    const { instanceId } = await makeRunning(page, 'ledger', { version: old })
    const dialog = await openDialog('Upgrade', 'Upgrade ledger')
    assert.ok(await dialog.getByRole('radio', { name: `${newest} (recommended)` }).isChecked())
    assert.ok(await dialog.getByRole('radio', { name: /^4\.0/ }).isDisabled())
    await dialog.getByText(/^Kafka 4\.0\S* comes before 4\.1\.2/).waitFor()
    await dialog.getByLabel('Pauses').selectOption('Pause after the first node')
    await planOf(dialog, `3 nodes restarted one after the other, node 1, 2, 3: version ${old} → ${newest}`)
    await dialog.getByRole('button', { name: `Upgrade to ${newest}` }).click()

    await underWay().getByText('Paused', { exact: true }).waitFor()
    await underWay().getByText('It pauses here, as asked').waitFor()
    await page.getByRole('tab', { name: 'Nodes' }).click()
    await hasRows(nodeRows(`${old} → ${newest}`), 2)
    await hasRows(nodeRows(newest), 3)

    await underWay().getByRole('button', { name: 'Resume' }).click()
    await underWay()
      .getByText(/Rolling back is possible for .* more/)
      .waitFor()
    await hasRows(nodeRows(`${old} → ${newest}`), 0)

    await underWay().getByRole('button', { name: 'Roll back' }).click()
    await page.getByRole('button', { name: /^ledger is Running/ }).waitFor()
    await hasRows(nodeRows(old), 3)
    await hasRows(nodeRows(newest), 0)
    await page.getByRole('tab', { name: 'Operations' }).click()
    const steps = page.getByRole('list', { name: 'Steps of Upgrade' })
    await hasRows(steps.getByText(/^Restart node \d/), 6)
    await page.getByText('Cancelled', { exact: true }).first().waitFor()
    await versionIs(page, instanceId, old)
  })

  it('waits with the new version until a person makes it final, and cannot go back then', async () => {
    const { instanceId } = await makeRunning(page, 'invoices', { version: old })
    const dialog = await openDialog('Upgrade', 'Upgrade invoices')
    await dialog.getByRole('radio', { name: 'By hand, when I say so' }).check()
    await dialog.getByRole('textbox', { name: 'Watch for' }).fill('0')
    await planOf(dialog, 'after that Kafka cannot go back')
    await dialog.getByRole('button', { name: `Upgrade to ${newest}` }).click()

    await underWay().getByText('It waits for you to make the new version final').waitFor()
    assert.equal(await underWay().getByRole('button', { name: 'Roll back' }).getAttribute('aria-disabled'), null)
    assert.equal(await underWay().getByRole('button', { name: 'Resume' }).count(), 0)
    await underWay().getByRole('link', { name: 'Upgrade' }).click()
    await page.getByRole('heading', { name: 'Upgrade', level: 1 }).waitFor()
    const makeFinal = page.getByRole('button', { name: 'Make it final' })
    assert.equal(await page.getByRole('button', { name: 'Resume' }).count(), 0)
    const confirm = page.getByRole('dialog', { name: `Make Kafka ${newest} final on invoices?` })
    await makeFinal.click()
    await confirm.getByText('Kafka cannot go back after this').waitFor()
    await confirm.getByRole('button', { name: 'Not yet' }).click()
    await confirm.waitFor({ state: 'detached' })
    await makeFinal.click()
    await confirm.getByRole('button', { name: `Make Kafka ${newest} final` }).click()
    await page.getByText('Succeeded', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Roll back' }).waitFor({ state: 'detached' })
    const report = page.locator('details', { has: page.getByLabel('Gate report of node 1') })
    await report.getByText('Gate report').click()
    await report.getByText(/3 of 3 voters caught up/).waitFor()
    await report.getByText(/records written and read back/).waitFor()
    await report
      .getByText(/waiting for node/)
      .first()
      .waitFor()
    await versionIs(page, instanceId, newest)

    await page.goto(`/instances/${instanceId}`)
    const again = await openDialog('Upgrade', 'Upgrade invoices')
    await again.getByText('there is nothing newer to go to from here').waitFor()
    const upgrade = again.getByRole('button', { name: 'Upgrade' })
    assert.equal(await upgrade.getAttribute('aria-disabled'), 'true')
    await page.keyboard.press('Escape')
    await again.waitFor({ state: 'detached' })
  })

  it('grows and shrinks, each time with the plan first', async () => {
    const { instanceId } = await makeRunning(page, 'metrics')
    const grow = await openDialog('Reconfigure', 'Reconfigure metrics')
    const confirm = grow.getByRole('button', { name: 'Reconfigure' })
    assert.equal(await confirm.getAttribute('aria-disabled'), 'true')
    await grow.getByRole('textbox', { name: 'AKU' }).fill('10')
    await planOf(grow, 'AKU: 3 → 10')
    await grow.getByText(/^2 nodes added: /).waitFor()
    await grow.getByText(/^\d+ partitions? moved/).waitFor()
    await grow.getByText('No node is restarted').waitFor()
    assert.equal(await operationsOf(page, instanceId), 1, 'a plan changes nothing')
    await confirm.click()

    await page.getByRole('tab', { name: /^Nodes/ }).click()
    await hasRows(nodeRows('Running'), 5)
    await page.getByRole('button', { name: /^metrics is Running/ }).waitFor()
    assert.equal(await operationsOf(page, instanceId), 2)

    const shrink = await openDialog('Reconfigure', 'Reconfigure metrics')
    await shrink.getByRole('textbox', { name: 'AKU' }).fill('3')
    await planOf(shrink, '2 nodes emptied and removed: node 4, 5')
    await shrink.getByRole('button', { name: 'Reconfigure' }).click()
    await underWay().waitFor()
    await page.getByRole('button', { name: /^metrics is Running/ }).waitFor()
    await hasRows(nodeRows('Running'), 3)
    await page.getByRole('tab', { name: 'Operations' }).click()
    await page.getByText('Prove that the leaving nodes are empty').waitFor()
  })

  it('is not touched by a dialog that is left, and gives the focus back', async () => {
    const { instanceId } = await makeRunning(page, 'untouched')
    for (const [button, title] of [
      ['Reconfigure', 'Reconfigure untouched'],
      ['Upgrade', 'Upgrade untouched'],
      ['Restart', 'Restart untouched'],
      ['Settings', 'Kafka settings of untouched'],
    ] as const) {
      const opener = page.getByRole('button', { name: button, exact: true })
      await opener.focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: title })
      await dialog.waitFor()
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await opener.and(page.locator(':focus')).waitFor()
    }
    assert.equal(await operationsOf(page, instanceId), 1)
  })

  it('says why it takes no second change', async () => {
    const { instanceId } = await makeRunning(page, 'busy', { version: old })
    const body = { version: newest, operation: { pauseAfter: 'first' } }
    await callApi(page, { method: 'PATCH', path: `/instances/${instanceId}`, body })
    await underWay().getByText('Paused', { exact: true }).waitFor()
    for (const button of ['Reconfigure', 'Upgrade', 'Restart', 'Settings']) {
      const closed = page.getByRole('button', { name: button, exact: true })
      assert.match((await closed.getAttribute('aria-description')) ?? '', /being changed/, button)
    }
  })
})

async function planOf(dialog: Locator, words: string): Promise<void> {
  await dialog.getByRole('region', { name: 'Plan' }).getByText(words).first().waitFor()
}

/** Exactly so many, as soon as it is so: the last one is there, and no further one. */
async function hasRows(rows: Locator, count: number): Promise<void> {
  if (count > 0) await rows.nth(count - 1).waitFor()
  await rows.nth(count).waitFor({ state: 'detached' })
}

async function versionIs(page: Page, instanceId: string, version: string): Promise<void> {
  const instance = await callApi<{ version: string }>(page, { method: 'GET', path: `/instances/${instanceId}` })
  assert.equal(instance.version, version)
}

async function operationsOf(page: Page, instanceId: string): Promise<number> {
  const path = `/operations?instanceId=${instanceId}`
  return (await callApi<{ total: number }>(page, { method: 'GET', path })).total
}
