import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import {
  makeInstance,
  openBrowser,
  openPage,
  openSignedIn,
  signIn,
  startMillrace,
  type Millrace,
} from '../harness/browser.ts'

describe('Instances', () => {
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

  it('invite where there is none', async () => {
    await page.goto('/instances')
    await page.getByRole('heading', { name: 'No Instance yet' }).waitFor()
    await page.getByRole('link', { name: 'Create your first Instance' }).click()
    await page.getByRole('heading', { name: 'Create Instance', level: 1 }).waitFor()
  })

  it('show their plan before they are made, and follow the form', async () => {
    await page.goto('/instances/new')
    const plan = page.getByRole('complementary', { name: 'Plan' })
    await plan.getByText('90 MiB/s written, or 180 MiB/s read').waitFor()
    await page.getByRole('textbox', { name: 'AKU' }).fill('8')
    await plan.getByText('240 MiB/s written, or 480 MiB/s read').waitFor()
    await page.getByRole('radio', { name: /One zone/ }).click()
    await plan.getByRole('list', { name: 'Nodes by zone' }).getByText('sim-a', { exact: true }).waitFor()
    await plan.getByText('sim-b', { exact: true }).waitFor({ state: 'detached' })
  })

  it('refuse what breaks a rule, at its field, and keep what was typed', async () => {
    await page.goto('/instances/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('no spaces please')
    await page.getByLabel('Remark').fill('kept')
    await page.getByRole('textbox', { name: 'AKU' }).fill('2')
    await page.getByRole('button', { name: 'Create Instance' }).click()
    await describedBy(page, page.getByRole('textbox', { name: 'Name' }), /letters \(Chinese included\), digits/)
    await describedBy(page, page.getByRole('textbox', { name: 'AKU' }), /whole number from 3 to 500/)
    assert.equal(await page.getByLabel('Remark').inputValue(), 'kept')
    assert.match(page.url(), /\/instances\/new$/)
  })

  it('are created, watched to Running and opened', async () => {
    await create(page, 'orders')
    await page.getByRole('button', { name: /^orders is Running/ }).waitFor()
    await page.getByText('Bootstrap servers').waitFor()
    await page.getByRole('tab', { name: /^Nodes/ }).click()
    await page.waitForURL(/tab=nodes/)
    assert.equal(await page.getByRole('table', { name: 'Nodes' }).getByRole('row').count(), 4)
    await page.getByRole('tab', { name: 'Operations' }).click()
    await page.getByRole('list', { name: 'Steps of Create Instance' }).waitFor()
    await page.getByRole('tab', { name: 'Activity' }).click()
    await page.getByRole('list', { name: 'Activity' }).getByText('admin').first().waitFor()
  })

  it('keep a name for one at a time, and say so at the name', async () => {
    await page.goto('/instances/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('orders')
    await page.getByRole('button', { name: 'Create Instance' }).click()
    await describedBy(page, page.getByRole('textbox', { name: 'Name' }), /orders/)
  })

  it('are renamed and given a remark in place', async () => {
    await page.goto('/instances')
    await page.getByRole('button', { name: 'Actions of orders' }).click()
    await page.getByRole('menuitem', { name: 'Edit name and remark' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit orders' })
    await dialog.getByLabel('Name').fill('orders-eu')
    await dialog.getByLabel('Remark').fill('Owned by Platform')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'orders-eu' }).click()
    await page.getByText('Owned by Platform').waitFor()
  })

  it('change in every open page without a reload', async () => {
    const other = await openPage(browser, millrace)
    await signIn(other)
    await other.getByRole('link', { name: 'orders-eu' }).waitFor()
    await create(page, 'payments')
    await other.getByRole('link', { name: 'payments' }).waitFor()
    await other.getByRole('button', { name: /^payments is Running/ }).waitFor()
    await other.context().close()
  })

  it('are told to be old while the event stream is lost, and are looked after meanwhile', async () => {
    const other = await openPage(browser, millrace)
    await other.route('**/api/v1/events/stream*', (route) => route.abort())
    await signIn(other)
    const lost = other.getByText(/connection to Millrace is lost/)
    await lost.waitFor()
    await makeInstance(page, 'unseen')
    await other.getByRole('link', { name: 'unseen' }).waitFor()
    await other.unroute('**/api/v1/events/stream*')
    await lost.waitFor({ state: 'detached' })
    await other.context().close()
  })

  it('are found by a search that stands in the address', async () => {
    await page.goto('/instances')
    await page.getByRole('searchbox').fill('payme')
    await page.waitForURL(/keyword=payme/)
    await page.getByRole('link', { name: 'orders-eu' }).waitFor({ state: 'detached' })
    await page.reload()
    await page.getByRole('link', { name: 'payments' }).waitFor()
    await page.getByRole('searchbox').fill('nobody')
    await page.getByRole('heading', { name: 'No match' }).waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByRole('link', { name: 'orders-eu' }).waitFor()
  })

  it('are sorted by the column that is pressed', async () => {
    await page.goto('/instances')
    await page.getByRole('button', { name: 'Name' }).click()
    await page.getByRole('columnheader', { name: 'Name' }).and(page.locator('[aria-sort=ascending]')).waitFor()
    await page.waitForURL(/sort=name/)
    await firstRow(page, 'orders-eu')
    await page.getByRole('button', { name: 'Name' }).click()
    await firstRow(page, 'unseen')
  })

  it('are deleted only by their name, and leave a tombstone', async () => {
    await page.goto('/instances')
    await page.getByRole('button', { name: 'Actions of payments' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete payments?' })
    await dialog.getByRole('list', { name: 'What will be deleted' }).getByText('3 nodes').waitFor()
    const confirm = dialog.getByRole('button', { name: 'Delete for good' })
    assert.equal(await confirm.getAttribute('aria-disabled'), 'true')
    await dialog.getByLabel('Type payments to confirm').fill('payments')
    await confirm.click()
    await page.getByRole('link', { name: 'payments' }).waitFor({ state: 'detached' })

    await page.getByRole('combobox', { name: 'State' }).selectOption('Deleted')
    await page.getByRole('link', { name: 'payments' }).click()
    await page.getByText('This Instance is deleted').waitFor()
    await page.getByRole('list', { name: 'Steps of Delete Instance' }).waitFor()
  })

  it('can be made with the keyboard alone', async () => {
    await page.goto('/instances')
    await page.getByRole('heading', { name: 'Instances', level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    await page.locator('[role=combobox]:focus').waitFor()
    await page.keyboard.type('create')
    await page.getByRole('option', { name: /^Create an Instance/, selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Name' }).waitFor()
    await page.keyboard.type('by-keyboard')
    await tabTo(page, 'One zone')
    await page.keyboard.press('Space')
    await tabTo(page, 'Create Instance')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'by-keyboard' }).waitFor()
    await page.getByRole('button', { name: /^by-keyboard is Running/ }).waitFor()
  })

  it('that never were are told so', async () => {
    await page.goto('/instances/kf-0000000000000000')
    await page.getByRole('heading', { name: 'There is no such Instance' }).waitFor()
  })
})

async function create(page: Page, name: string): Promise<void> {
  await page.goto('/instances/new')
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Create Instance' }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

/** The words are tied to the field, so that whoever hears the field hears them. */
async function describedBy(page: Page, field: ReturnType<Page['getByRole']>, words: RegExp): Promise<void> {
  await page.getByText(words).last().waitFor()
  const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(/\s+/)
  const texts = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()))
  assert.match(texts.join(' '), words)
  assert.equal(await field.getAttribute('aria-invalid'), 'true')
}

async function firstRow(page: Page, name: string): Promise<void> {
  await page.getByRole('table', { name: 'Instances' }).getByRole('row').nth(1).getByRole('link', { name }).waitFor()
}

/** Presses Tab until the focus is on what says `words`, as a person would. */
async function tabTo(page: Page, words: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate<string>("document.activeElement?.textContent ?? ''")
    if (focused.includes(words) && focused.length < 120) return
  }
  assert.fail(`The Tab key does not reach "${words}".`)
}
