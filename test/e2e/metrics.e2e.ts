import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import {
  makeRunning,
  openBrowser,
  openSignedIn,
  refuseAxeFindings,
  startMillrace,
  type Millrace,
} from '../harness/browser.ts'

/** A receiver that wants a token, and a person who gives a wrong one first. */
describe('Metrics', () => {
  let millrace: Millrace
  let browser: Browser
  let page: Page
  let receiver: Server

  before(async () => {
    receiver = createServer((request, response) => {
      request.resume()
      const isRight = request.headers.authorization === 'Bearer right'
      response.writeHead(isRight ? 204 : 401, { 'content-type': 'text/plain' }).end(isRight ? '' : 'who are you?')
    })
    await once(receiver.listen(0, '127.0.0.1'), 'listening')
    millrace = await startMillrace()
    browser = await openBrowser()
    page = await openSignedIn(browser, millrace)
    await makeRunning(page, 'orders')
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
    receiver.closeAllConnections()
    receiver.close()
  })

  const exporter = () => page.getByRole('region', { name: 'Metrics exporter' })
  const form = () => page.getByRole('dialog', { name: 'Metrics exporter of orders' })
  const secret = () => form().locator('input[type=password]')
  const looks = { timeout: 60_000 }

  it('say when there will be something to see', async () => {
    await page
      .getByRole('region', { name: 'Traffic' })
      .getByText(/first points come about two minutes/)
      .waitFor()
  })

  it('are sent on, refused in the words of the receiver, and taken when that is put right', async () => {
    await exporter().getByText('Off').waitFor()
    await exporter().getByRole('button', { name: 'Set up an exporter' }).click()
    await form().getByText('Token', { exact: true }).click()
    await form().getByRole('button', { name: 'Begin to send' }).click()
    await form()
      .getByText(/Give the address of the receiver/)
      .waitFor()
    await form().getByRole('button', { name: 'Add a label' }).click()
    await refuseAxeFindings(page)
    const { port } = receiver.address() as AddressInfo
    await form().getByRole('textbox', { name: 'Address of the receiver' }).fill(`http://127.0.0.1:${port}/write`)
    await secret().fill('wrong')
    await form().getByRole('button', { name: 'Begin to send' }).click()
    await exporter().getByText('Refused').waitFor(looks)
    await exporter().getByText('It answered 401: who are you?').waitFor()

    await exporter().getByRole('button', { name: 'Change the exporter' }).click()
    await secret().fill('right')
    await form().getByRole('button', { name: 'Save' }).click()
    await exporter().getByText('Delivering').waitFor(looks)

    await exporter().getByRole('button', { name: 'Change the exporter' }).click()
    await form().getByRole('button', { name: 'Stop sending' }).click()
    await exporter().getByText('Off').waitFor()
  })

  it('are drawn, and told in words', async () => {
    const charts = page.getByRole('region', { name: 'Traffic' }).getByRole('img')
    await charts.first().waitFor({ timeout: 150_000 })
    await page.getByRole('img', { name: /^Records\. Written: .*\/s at last, between/ }).waitFor()
    await page.getByRole('img', { name: /^Requests\. Requests: .*\/s at last/ }).waitFor()
    await refuseAxeFindings(page)
    await page.getByText('24 hours', { exact: true }).click()
    await charts.first().waitFor()
  })
})
