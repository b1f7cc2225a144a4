import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { createAuthority, issueCertificate } from '../../src/security/authority.ts'
import { callApi, makeRunning, openBrowser, openPage, openSignedIn, signIn } from '../harness/browser.ts'
import { startLivingMillrace, type LivingMillrace } from '../harness/living-world.ts'

const now = new Date()
const company = await createAuthority('Our company', now)
const leaf = await issueCertificate(company, {
  commonName: 'kafka.example.com',
  dnsNames: ['kafka.example.com'],
  addresses: [],
  now,
  days: 20,
})
const chain = leaf.certificate + company.certificate

describe('the security of a running Instance', () => {
  let millrace: LivingMillrace
  let browser: Browser
  let page: Page
  let instanceId: string

  before(async () => {
    millrace = await startLivingMillrace()
    browser = await openBrowser()
    page = await openSignedIn(browser, millrace)
    page.setDefaultTimeout(30_000)
    const security = { authenticationMethods: ['sasl'], transitEncryptionModes: ['tls'] }
    instanceId = (await makeRunning(page, 'vault', { security })).instanceId
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  const panel = () => page.getByRole('region', { name: 'Security', exact: true })
  const opener = () => panel().getByRole('button', { name: 'Change security' })
  const dialog = () => page.getByRole('dialog', { name: 'Security of vault' })
  const plan = () => dialog().getByRole('region', { name: 'Plan' })
  const text = (name: string) => dialog().getByRole('textbox', { name })
  const listener = (name: string) =>
    dialog().getByRole('region', { name: 'Listeners' }).getByRole('listitem').filter({ hasText: name })

  async function confirm(): Promise<void> {
    const button = dialog().getByRole('button', { name: 'Change security' })
    await button.and(page.locator(':not([aria-disabled])')).click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^vault is Running/ }).waitFor()
  }

  it('says first what is to be done before anybody may do anything', async () => {
    const connect = page.getByRole('region', { name: 'Connect' })
    await connect.getByText('Nobody can sign in yet').waitFor()
    await connect.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('heading', { name: 'Nobody can sign in yet' }).waitFor()
    await page.getByRole('link', { name: 'access rules' }).click()
    await page.getByRole('heading', { name: 'No access rule yet' }).waitFor()
    await page.getByRole('tab', { name: 'Overview' }).click()
  })

  it('is changed with the plan first: another listener comes, and goes again', async () => {
    await opener().focus()
    await page.keyboard.press('Enter')
    await dialog()
      .getByRole('checkbox', { name: /^Plain text/ })
      .check()
    await hasWords(listener('SASL_PLAINTEXT'), /New$/)
    await hasWords(listener('SASL_SSL'), /Stays$/)
    await plan().getByText('3 nodes restarted one after the other, node 1, 2, 3: listeners').waitFor()
    await page.keyboard.press('Escape')
    await opener().and(page.locator(':focus')).waitFor()

    await opener().click()
    await dialog()
      .getByRole('checkbox', { name: /^Plain text/ })
      .check()
    await confirm()
    await panel().getByText('plain text, TLS').waitFor()
    await page.getByText('SASL_PLAINTEXT', { exact: false }).first().waitFor()

    await opener().click()
    await dialog()
      .getByRole('checkbox', { name: /^Plain text/ })
      .uncheck()
    await hasWords(listener('SASL_PLAINTEXT'), /cut off.*Goes$/)
    await plan().getByText('Clients that still use SASL_PLAINTEXT lose their connection: move them before.').waitFor()
    await confirm()
    await panel().getByText('plain text, TLS').waitFor({ state: 'detached' })
  })

  it('is refused beside the choice where no listener would stay', async () => {
    await opener().click()
    await dialog()
      .getByRole('checkbox', { name: /^Plain text/ })
      .check()
    await dialog().getByRole('checkbox', { name: /^TLS/ }).uncheck()
    await dialog()
      .getByText(/^This would drop every listener that clients use now \(SASL_SSL\)/)
      .waitFor()
    const button = dialog().getByRole('button', { name: 'Change security' })
    assert.match((await button.getAttribute('aria-description')) ?? '', /see above/)
    await page.keyboard.press('Escape')
  })

  it('exchanges the authority in two goes, and tells clients in between', async () => {
    const open = () => panel().getByRole('button', { name: 'Exchange the authority' }).click()
    const exchange = page.getByRole('dialog', { name: 'Certificate authority of vault' })
    const go = async (verb: string) => {
      await exchange.getByRole('button', { name: verb }).and(page.locator(':not([aria-disabled])')).click()
      await exchange.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: /^vault is Running/ }).waitFor()
    }
    await open()
    await exchange.getByText(/^ca\.pem holds both authorities from then on/).waitFor()
    await go('Publish the next authority')
    await page
      .getByText(/^The next certificate authority is published/)
      .first()
      .waitFor()
    await open()
    await exchange.getByText(/restarts 2 times/).waitFor()
    await go('Let the next authority take over')
    await page
      .getByText(/^The next certificate authority is published/)
      .first()
      .waitFor({ state: 'detached' })
  })

  it('takes a certificate by paste and by file, and says beside each what is wrong with it', async () => {
    await opener().click()
    await dialog().getByText('Your own', { exact: true }).click()
    const button = dialog().getByRole('button', { name: 'Change security' })
    await hasReason(button, 'Give the certificate chain and its private key.')
    await text('Certificate chain').fill('hello')
    await dialog().getByText('This is no certificate in PEM form').waitFor()
    await text('Certificate chain').fill(chain)
    await dialog().getByText('2 certificates in it').waitFor()
    await drop(text('Private key'), company.privateKey)
    await dialog().getByText('This key is not that of the first certificate of the chain.').waitFor()
    await drop(text('Private key'), 'x'.repeat(300_000))
    await dialog().getByText('dropped.pem is too large for a PEM file').waitFor()
    await dialog()
      .getByLabel('File for Private key')
      .setInputFiles({ name: 'leaf.key', mimeType: 'text/plain', buffer: Buffer.from(leaf.privateKey) })
    await plan().getByText('No node is restarted').waitFor()
    await plan().getByText('The certificate does not name the address of node 1, 2, 3').waitFor()
    await confirm()
    const yours = panel().getByRole('listitem').filter({ hasText: 'Your certificate' })
    await yours.getByText('CN=kafka.example.com').waitFor()
    await yours.getByText(/, in (19|20) days$/).waitFor()
    await yours.getByText('You exchange it before it ends.').waitFor()
    await panel()
      .getByText(/^Your certificate chain ends on .* in less than 30 days/)
      .waitFor()
  })

  it('adds client certificates with their authority, and takes the certificate away again', async () => {
    await opener().click()
    await dialog()
      .getByText(/Yours: CN=kafka\.example\.com/)
      .waitFor()
    await dialog().getByRole('region', { name: 'Certificate of the listeners' }).getByText('Take away').click()
    await dialog()
      .getByRole('checkbox', { name: /^Client certificates/ })
      .check()
    await hasReason(
      dialog().getByRole('button', { name: 'Change security' }),
      'Give the authority of the clients’ certificates.',
    )
    await text('Authority of the clients').fill(company.certificate)
    await plan()
      .getByText(/^certificate: CN=kafka\.example\.com.* → Millrace’s own$/)
      .waitFor()
    await plan().getByText('listener: none → MTLS').waitFor()
    await confirm()
    await panel().getByText('users with passwords, client certificates').waitFor()
    await panel().getByText('Your certificate', { exact: true }).waitFor({ state: 'detached' })
    await panel().getByText('Authority of the clients').waitFor()
  })

  it('is not changed while an Operation is at work, nor by a viewer: the button says why', async () => {
    const body = { operation: { pauseAfter: 'first' } }
    await callApi(page, { method: 'POST', path: `/instances/${instanceId}:restart`, body })
    await page.getByRole('region', { name: 'Under way' }).getByText('Paused', { exact: true }).waitFor()
    await hasReason(opener(), /being changed/)

    const member = { name: 'vera', role: 'viewer' }
    const made = await callApi<{ oneTimePassword: string }>(page, { method: 'POST', path: '/members', body: member })
    const other = await openPage(browser, millrace)
    await signIn(other, { user: 'vera', password: made.oneTimePassword })
    await other.getByLabel('New password', { exact: true }).fill('A-quiet-mill-pond-9')
    await other.getByLabel('New password again').fill('A-quiet-mill-pond-9')
    await other.getByRole('button', { name: 'Change password' }).click()
    await other.getByRole('heading', { name: 'Instances' }).waitFor()
    await other.goto(`/instances/${instanceId}`)
    for (const name of ['Change security', 'Reconfigure', 'Delete', 'Resume']) {
      await hasReason(other.getByRole('button', { name, exact: true }), /^As a viewer you may look/)
    }
  })
})

async function hasWords(place: Locator, words: RegExp): Promise<void> {
  await place.waitFor()
  assert.match((await place.innerText()).replaceAll(/\s+/g, ' '), words)
}

/** Why it cannot be pressed, as soon as it says so. */
async function hasReason(button: Locator, why: string | RegExp): Promise<void> {
  await button.and(button.page().locator('[aria-disabled]')).waitFor()
  const given = (await button.getAttribute('aria-description')) ?? ''
  if (typeof why === 'string') assert.equal(given, why)
  else assert.match(given, why)
}

/** A file let go over the field, as a browser tells it. */
async function drop(field: Locator, content: string): Promise<void> {
  const dataTransfer = await field.page().evaluateHandle(`(() => {
    const held = new DataTransfer()
    held.items.add(new File([${JSON.stringify(content)}], 'dropped.pem'))
    return held
  })()`)
  await field.dispatchEvent('drop', { dataTransfer })
}
