import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { InstanceId } from '../../src/domain/id.ts'
import { callApi, makeRunning, openBrowser, openSignedIn } from '../harness/browser.ts'
import { runOtherwise, setByHand } from '../harness/instances.ts'
import { startLivingMillrace, type LivingMillrace } from '../harness/living-world.ts'

const patienceMs = 60_000

describe('what somebody changed past Millrace', () => {
  let millrace: LivingMillrace
  let browser: Browser
  let page: Page

  before(async () => {
    millrace = await startLivingMillrace()
    browser = await openBrowser()
    page = await openSignedIn(browser, millrace)
    page.setDefaultTimeout(patienceMs)
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  const notice = () => page.getByRole('region', { name: 'Drift' })
  const dialog = () => page.getByRole('dialog', { name: /^Drift of/ })
  const row = (words: string) => dialog().getByRole('row').filter({ hasText: words })
  const box = (words: string) => row(words).getByRole('checkbox')
  const way = (name: string) => dialog().getByRole('radio', { name })
  const plan = () => dialog().getByRole('region', { name: 'Plan' })
  const button = (name: string) => dialog().getByRole('button', { name, exact: true })
  const underWay = () => page.getByRole('region', { name: 'Under way' })

  async function review(): Promise<void> {
    await notice().getByRole('button', { name: 'Review' }).click()
    await dialog().getByRole('table').waitFor()
  }

  it('is told on the page, reviewed with its plan, and reverted, and the notice goes', async () => {
    const { instanceId } = await makeRunning(page, 'orders')
    await page.getByText('Healthy', { exact: true }).waitFor()
    assert.equal(await notice().count(), 0)
    await setByHand(millrace, instanceId, { kafkaId: 3, set: { 'log.cleaner.threads': '4' } })
    runOtherwise(millrace, instanceId, { kafkaId: 2, configs: { 'num.io.threads': '3' } })
    await notice().getByText('2 things are not as this Instance says').waitFor()

    await page.getByRole('tab', { name: /^Nodes/ }).click()
    await page.getByRole('button', { name: 'Review drift' }).click()
    await row('num.io.threads').getByText('Node 2, as it was started').waitFor()
    await row('log.cleaner.threads').getByText('It holds for node 3 alone').waitFor()
    assert.ok(await way('Adopt').isDisabled())
    await dialog().getByText('log.cleaner.threads cannot be adopted: untick it first.').waitFor()
    assert.match((await button('Start').getAttribute('aria-description')) ?? '', /adopt or to revert/)

    await way('Revert').check()
    await plan().getByText('num.io.threads of node 2: 3 → none').waitFor()
    await plan()
      .getByText(/^1 node restarted, node 2: settings num\.io\.threads$/)
      .waitFor()
    await dialog().getByLabel('Hold one node back').getByText('Node 2').waitFor({ state: 'attached' })
    await box('num.io.threads').uncheck()
    await plan().getByText('No node is restarted').waitFor()
    await box('num.io.threads').check()
    await plan()
      .getByText(/^1 node restarted/)
      .waitFor()
    await button('Revert').click()

    await dialog().waitFor({ state: 'detached' })
    await notice().waitFor({ state: 'detached' })
    await underWay().getByRole('link', { name: 'Revert drift' }).waitFor()
    await page.getByRole('button', { name: /^orders is Running/ }).waitFor()
    const left = await callApi<{ list: unknown[] }>(page, { method: 'GET', path: `/instances/${instanceId}/drift` })
    assert.deepEqual(left.list, [])
    assert.equal(await notice().count(), 0)
  })

  it('is adopted where it can be; what can only be reverted is left for another time', async () => {
    const { instanceId } = await makeRunning(page, 'ledger')
    await setByHand(millrace, instanceId, { set: { 'message.max.bytes': '3000000' } })
    await setByHand(millrace, instanceId, { set: { 'ssl.keystore.password': 'sesame' } })
    await page.reload()
    await review()
    await row('ssl.keystore.password').getByText('Revert only').waitFor()
    await row('ssl.keystore.password').getByText('secret, not what it should be').waitFor()
    await box('ssl.keystore.password').uncheck()
    await way('Adopt').check()
    await plan().getByText('message.max.bytes: default → 3000000').waitFor()
    assert.ok(!(await page.content()).includes('sesame'))
    await button('Adopt').click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^ledger is Running/ }).waitFor()
    await notice().getByText('1 thing is not as this Instance says').waitFor()
    await notice().getByText('ssl.keystore.password').waitFor()
    await page.getByRole('region', { name: 'Its own settings' }).getByText('message.max.bytes').waitFor()
  })

  it('that nobody can settle yet says why, and that it is over when it was settled elsewhere', async () => {
    const { instanceId } = await makeRunning(page, 'metrics')
    millrace.simulated.joinStranger(instanceId as InstanceId, 9)
    await page.reload()
    const opener = notice().getByRole('button', { name: 'Review' })
    await opener.focus()
    await page.keyboard.press('Enter')
    await row('Broker 9').getByText('Stop it there first').waitFor()
    assert.ok(await box('Broker 9').isDisabled())
    assert.ok(await way('Revert').isDisabled())
    await page.keyboard.press('Escape')
    await opener.and(page.locator(':focus')).waitFor()

    await page.keyboard.press('Enter')
    millrace.simulated.joinStranger(instanceId as InstanceId, 9, { isAlive: false })
    await button('Look again').click()
    await row('Broker 9').getByText('Revert only').waitFor()
    await callApi(page, { method: 'POST', path: `/instances/${instanceId}:revert`, body: {} })
    await dialog().getByRole('heading', { name: 'Nothing is left to settle' }).waitFor()
    await button('Close').last().click()
    await dialog().waitFor({ state: 'detached' })
    assert.equal(await notice().count(), 0)
    await page.locator('main:focus').waitFor()
  })
})
