import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { InstanceId } from '../../src/domain/id.ts'
import { makeRunning, openBrowser, openSignedIn } from '../harness/browser.ts'
import { startLivingMillrace, type LivingMillrace } from '../harness/living-world.ts'

const patienceMs = 90_000

describe('under the eyes of whoever looks', () => {
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

  const row = (kafkaId: number) =>
    page
      .getByRole('table', { name: 'Nodes' })
      .getByRole('row')
      .filter({ has: page.getByRole('cell', { name: String(kafkaId), exact: true }) })
  const tab = (name: string | RegExp) => page.getByRole('tab', { name }).click()
  const ask = (what: string) => page.getByLabel('A node or a zone').selectOption(what)
  const answer = (words: RegExp) => page.getByText(words).waitFor()

  /** Nodes that end stay away until this is lifted. */
  const holdHealing = (instanceId: InstanceId) =>
    millrace.simulated.faults.add({ call: 'ensureNode', instanceId, effect: 'fails', times: Infinity })

  it('a node is killed: degraded, healed and healthy again, without a reload', async () => {
    const { instanceId } = await makeRunning(page, 'orders')
    await page.getByText('Healthy', { exact: true }).waitFor()
    await page.evaluate('globalThis.isSamePage = true')
    await tab(/^Nodes/)
    await row(2).getByText('Running').waitFor()

    holdHealing(instanceId as InstanceId)
    millrace.simulated.killNode(instanceId as InstanceId, 2)
    await row(2).getByText('Stopped').waitFor()
    await row(1).getByText('Running').waitFor()
    const healing = page.getByRole('region', { name: 'Under way' })
    await healing.getByRole('link', { name: 'Bring nodes back' }).waitFor()
    await tab('Overview')
    await page.getByText('Degraded', { exact: true }).waitFor()
    await page.getByRole('button', { name: /^orders is Running/ }).waitFor()

    millrace.simulated.faults.clear()
    await healing.waitFor({ state: 'detached' })
    await page.getByText('Healthy', { exact: true }).waitFor()
    await tab(/^Nodes/)
    await row(2).getByText('Running').waitFor()
    await tab('Operations')
    await page.getByRole('list', { name: 'Steps of Bring nodes back' }).waitFor()
    assert.equal(await page.evaluate('globalThis.isSamePage'), true)
  })

  it('the loss of a node or a zone is weighed, by the cluster as it is now', async () => {
    const { instanceId } = await makeRunning(page, 'weighed')
    await tab(/^Nodes/)
    await ask('Node 3')
    await answer(/^Without node 3, the Instance goes on serving/)
    await ask('All of sim-b')
    await answer(/^Without node 2, the Instance goes on serving/)

    holdHealing(instanceId as InstanceId)
    millrace.simulated.killNode(instanceId as InstanceId, 1)
    await row(1).getByText('Stopped').waitFor()
    await page.getByRole('button', { name: 'Ask again' }).click()
    await answer(/^Without node 2, the controller quorum is lost/)
    millrace.simulated.faults.clear()
    await row(1).getByText('Running').waitFor()
    await page.getByRole('region', { name: 'Under way' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Ask again' }).click()
    await answer(/^Without node 2, the Instance goes on serving/)
  })

  it('settings that no node tells are those that were asked for, until one answers', async () => {
    const { instanceId } = await makeRunning(page, 'silent')
    holdHealing(instanceId as InstanceId)
    for (const kafkaId of [1, 2, 3]) millrace.simulated.killNode(instanceId as InstanceId, kafkaId)
    await tab(/^Nodes/)
    await row(3).getByText('Stopped').waitFor()
    await tab('Settings')
    await page.getByText('No node tells what it runs with').waitFor()
    await page.locator('label', { hasText: 'All' }).click()
    await page.getByText('Not known now').first().waitFor()

    millrace.simulated.faults.clear()
    await tab(/^Nodes/)
    await row(3).getByText('Running').waitFor()
    await tab('Settings')
    await page.getByText('No node tells what it runs with').waitFor({ state: 'detached' })
    await page.locator('label', { hasText: 'All' }).click()
    await page.getByText('Kafka’s default').first().waitFor()
  })
})
