import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { makeRunning, openBrowser, openSignedIn, startMillrace, type Millrace } from '../harness/browser.ts'

const patienceMs = 60_000

describe('the settings of an Instance', () => {
  let millrace: Millrace
  let browser: Browser
  let page: Page

  before(async () => {
    millrace = await startMillrace()
    browser = await openBrowser()
    page = await openSignedIn(browser, millrace)
    page.setDefaultTimeout(patienceMs)
    await makeRunning(page, 'orders')
    await page.getByRole('tab', { name: 'Settings' }).click()
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  const settings = () => page.getByRole('list', { name: 'Kafka settings' }).getByRole('listitem')
  const line = (key: string) => settings().filter({ has: page.getByText(key, { exact: true }) })
  const dialog = () => page.getByRole('dialog', { name: 'Kafka settings of orders' })
  const row = (key: string) => dialog().getByRole('group', { name: key })
  const underWay = () => page.getByRole('region', { name: 'Under way' })
  const plan = () => dialog().getByRole('region', { name: 'Plan' })
  const confirm = () => dialog().getByRole('button', { name: 'Change settings' })
  const show = (words: string) => page.locator('label', { hasText: words }).click()

  it('begin as Kafka has them, and are found by name and by purpose', async () => {
    await page.getByRole('heading', { name: 'Nothing to show' }).waitFor()
    await page.getByRole('button', { name: 'Show all settings' }).click()
    await line('log.retention.hours').getByText('168').waitFor()
    await page.getByLabel('Search settings').fill('threads requests')
    await line('num.io.threads').waitFor()
    await line('log.retention.hours').waitFor({ state: 'detached' })
    await page.waitForURL(/keyword=threads/)

    const found = line('num.io.threads')
    await found.getByText('num.io.threads').click()
    await found.getByText(/The number of threads that the server uses for processing requests/).waitFor()
    await found.getByText('whole number, at least 1').waitFor()
    await found.getByText(/the nodes restart, one after the other/).waitFor()

    await page.getByLabel('Search settings').fill('no-such-thing')
    await page.getByRole('heading', { name: 'No match' }).waitFor()
    await page.getByLabel('Search settings').fill('')
  })

  it('are added with the plan first, each fault at its row', async () => {
    await page.getByRole('button', { name: 'Change settings' }).click()
    await add(dialog(), 'log.retention.ms')
    await row('log.retention.ms').getByText('At once').waitFor()
    assert.match((await confirm().getAttribute('aria-description')) ?? '', /Give log\.retention\.ms a value/)
    await page.keyboard.type('86400000')
    await row('log.retention.ms')
      .getByText(/^1 d\./)
      .waitFor()
    await plan().getByText('No node is restarted').waitFor()
    await plan().getByText('log.retention.ms: at once, without a restart').waitFor()
    assert.equal(await dialog().getByLabel('Pauses').count(), 0, 'there is no roll')

    await add(dialog(), 'num.io.threads')
    await row('num.io.threads').getByText('Needs a roll').waitFor()
    await page.keyboard.type('0')
    await row('num.io.threads').getByText('num.io.threads is at least 1; this is "0".').waitFor()
    assert.equal(await confirm().getAttribute('aria-disabled'), 'true')
    assert.equal(await row('log.retention.ms').getByRole('textbox').getAttribute('aria-invalid'), null)

    await row('num.io.threads').getByRole('textbox').fill('16')
    await plan()
      .getByText(/^3 nodes restarted .*: settings num\.io\.threads$/)
      .waitFor()
    await dialog().getByLabel('Pauses').selectOption('Pause after the first node')
    await confirm().click()
    await dialog().waitFor({ state: 'detached' })
    await underWay().getByText('It pauses here, as asked').waitFor()
    await underWay().getByRole('button', { name: 'Resume' }).click()

    await show('Set here')
    await line('num.io.threads').getByText('16', { exact: true }).waitFor()
    await line('log.retention.ms').getByText('86400000').waitFor()
    await page.getByRole('button', { name: /^orders is Running/ }).waitFor()
    assert.equal(await settings().count(), 2)
    await page.getByRole('tab', { name: 'Overview' }).click()
    await page.getByRole('region', { name: 'Its own settings' }).getByText('86400000 1 d').waitFor()
    await page.getByRole('tab', { name: 'Settings' }).click()
  })

  it('are taken away again: they go back to the default', async () => {
    await page.getByRole('button', { name: 'Change settings' }).click()
    await dialog().getByRole('button', { name: 'Take num.io.threads away' }).click()
    await row('num.io.threads').getByText('Goes back to its default: 8.').waitFor()
    await plan().getByText('num.io.threads: 16 → default').waitFor()
    await row('num.io.threads').getByRole('button', { name: 'Keep it' }).click()
    await plan().waitFor({ state: 'detached' })
    await dialog().getByRole('button', { name: 'Take num.io.threads away' }).click()
    await plan().getByText('num.io.threads: 16 → default').waitFor()
    await confirm().click()

    await line('num.io.threads').waitFor({ state: 'detached' })
    await line('log.retention.ms').waitFor()
    await page.getByRole('button', { name: /^orders is Running/ }).waitFor()
    await show('All')
    await line('num.io.threads').getByText('8', { exact: true }).waitFor()
    await line('num.io.threads').getByText('Kafka’s default').waitFor()
  })

  it('are set from their own line, and given the focus back', async () => {
    const setting = line('background.threads')
    await setting.getByText('background.threads').click()
    await setting.getByRole('button', { name: 'Set it for this Instance' }).click()
    await row('background.threads').getByRole('textbox').and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Escape')
    await setting.getByRole('button', { name: 'Set it for this Instance' }).and(page.locator(':focus')).waitFor()
  })

  it('that make a node what it is cannot be set, and a key that nobody knows is refused at its row', async () => {
    const fixed = line('node.id')
    await fixed.getByText('node.id').click()
    await fixed.getByText('Millrace sets it: it makes the node what it is.').waitFor()
    assert.equal(await fixed.getByRole('button').count(), 0)

    await page.getByRole('button', { name: 'Change settings' }).click()
    await dialog().getByRole('combobox', { name: 'Add a setting' }).fill('num.io.thread')
    await dialog().getByRole('button', { name: 'Add' }).click()
    await page.keyboard.type('4')
    await row('num.io.thread')
      .getByText(/Did you mean "num\.io\.threads"\?/)
      .waitFor()
    await page.keyboard.press('Escape')
  })

  it('hide what is secret', async () => {
    await page.getByRole('button', { name: 'Change settings' }).click()
    await add(dialog(), 'delegation.token.secret.key')
    await page.keyboard.type('hush-hush')
    const secret = row('delegation.token.secret.key').getByLabel('delegation.token.secret.key', { exact: true })
    assert.equal(await secret.getAttribute('type'), 'password')
    await row('delegation.token.secret.key').getByText('Say where the nodes find it').waitFor()
    await secret.fill('${file:/etc/mill:hush-hush}')
    await plan().getByText('delegation.token.secret.key: default → (hidden)').waitFor()
    await confirm().click()
    await line('delegation.token.secret.key').getByText('hidden').waitFor()
    await page.getByRole('button', { name: /^orders is Running/ }).waitFor()
    await page.getByRole('tab', { name: 'Overview' }).click()
    await page.getByRole('region', { name: 'Its own settings' }).getByText('hidden').waitFor()
    assert.equal(await page.getByText('hush-hush').count(), 0)
  })
})

async function add(dialog: Locator, key: string): Promise<void> {
  await dialog.getByRole('combobox', { name: 'Add a setting' }).fill(key)
  // What Enter would take: the browser tells it of no option, only of the field.
  await dialog.page().locator('[role=option][data-combobox-selected]', { hasText: key }).waitFor()
  await dialog.page().keyboard.press('Enter')
  await dialog.getByLabel(key, { exact: true }).and(dialog.page().locator('input:focus')).waitFor()
}
