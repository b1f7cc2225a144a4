import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, openPage, openSignedIn, signIn } from '../harness/browser.ts'
import { startLivingMillrace, type LivingMillrace } from '../harness/living-world.ts'

const ownPassword = 'A-quiet-mill-pond-9'

/** Who may come in: people, programs, and the clients of a secured Instance; and who did what. */
describe('members, service accounts, the audit and security', () => {
  let millrace: LivingMillrace
  let browser: Browser
  let page: Page

  before(async () => {
    millrace = await startLivingMillrace()
    browser = await openBrowser()
    page = await openSignedIn(browser, millrace)
    page.setDefaultTimeout(10_000)
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  const dialog = () => page.getByRole('dialog')
  const press = (name: string | RegExp) => dialog().getByRole('button', { name, exact: true }).click()
  const go = (name: string) => page.getByRole('link', { name, exact: true }).click()

  it('keep the only administrator, and say why', async () => {
    await go('Members')
    await page.getByRole('button', { name: 'Manage admin' }).click()
    const closed = dialog().getByRole('button', { name: 'Delete', exact: true })
    assert.equal(await closed.getAttribute('aria-disabled'), 'true')
    assert.match((await closed.getAttribute('aria-description')) ?? '', /only administrator left/)
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
  })

  it('invite a viewer, who chooses a password and sees nothing that is not for viewers', async () => {
    await page.getByRole('button', { name: 'Invite member' }).click()
    await dialog().getByLabel('Name').fill('vera')
    await press('Invite')
    await dialog().getByText('Shown this once').waitFor()
    const once = await dialog().locator('code').innerText()
    await press('Done')
    await page.getByRole('row', { name: /vera.*Viewer.*Invited/ }).waitFor()

    const other = await openPage(browser, millrace)
    await signIn(other, { user: 'vera', password: 'a wrong one' })
    await other.getByText('The name or the password is not right.').waitFor()
    await signIn(other, { user: 'vera', password: once })
    await other.getByRole('heading', { name: 'Choose a password of your own' }).waitFor()
    await other.getByLabel('New password', { exact: true }).fill(ownPassword)
    await other.getByLabel('New password again').fill(ownPassword)
    await other.getByRole('button', { name: 'Change password' }).click()
    await other.getByRole('heading', { name: 'Instances' }).waitFor()
    assert.equal(await other.getByRole('link', { name: 'Audit' }).count(), 0)
    await other.goto('/members')
    await other.getByRole('heading', { name: 'For administrators' }).waitFor()
    await other.context().close()
  })

  it('give a program a key pair, once', async () => {
    await go('Service accounts')
    await page.getByRole('button', { name: 'Create the first service account' }).click()
    await dialog().getByLabel('Name').fill('terraform')
    await press('Create service account')
    await dialog().getByText('Shown this once').waitFor()
    const [accessKey, secretKey] = await dialog().locator('code').allInnerTexts()
    const [file] = await Promise.all([page.waitForEvent('download'), press('Download')])
    assert.equal(file.suggestedFilename(), 'millrace-terraform.env')
    const text = await readFile(await file.path(), 'utf8')
    assert.ok(text.includes(`AUTOMQ_BYOC_ACCESS_KEY=${accessKey}\n`))
    assert.ok(text.includes(`AUTOMQ_BYOC_SECRET_KEY=${secretKey}\n`))
    await page.reload()
    await page.getByRole('row', { name: /terraform.*Operator.*Active/ }).waitFor()
    assert.ok(!(await page.content()).includes(secretKey!))
  })

  it('rotate, disable and delete it', async () => {
    const manage = () => page.getByRole('button', { name: 'Manage terraform' }).click()
    await manage()
    await press('Rotate')
    await press('Rotate')
    await dialog().getByText('Shown this once').waitFor()
    await press('Done')
    await page.getByText(/^former key until/).waitFor()
    await manage()
    await press('Disable')
    await page.getByRole('row', { name: /terraform.*Disabled/ }).waitFor()
    await manage()
    await press('Delete')
    await dialog().getByLabel('Type terraform to confirm').fill('terraform')
    await press('Delete for good')
    await page.getByRole('heading', { name: 'No service account yet' }).waitFor()
  })

  it('find all of it in the audit, the refused sign-in too', async () => {
    await go('Audit')
    await page.getByText('Service account: rotate').waitFor()
    await page.getByText('Service account: change').click()
    await page.getByRole('row', { name: 'isDisabled false true' }).waitFor()
    await page.getByLabel('What', { exact: true }).selectOption('Refused sign-ins')
    await page.getByText('Service account: rotate').waitFor({ state: 'detached' })
    await page.getByText('Sign-in refused').waitFor()
    assert.match(page.url(), /action=session\.refused/)
    assert.equal(await page.getByRole('list', { name: 'Audit' }).getByRole('listitem').count(), 1)
    await page.getByRole('button', { name: 'Export' }).click()
    const csv = page.getByRole('menuitem', { name: 'CSV' })
    const [file] = await Promise.all([page.waitForEvent('download'), csv.click()])
    assert.match(await readFile(await file.path(), 'utf8'), /session\.refused/)
  })

  it('create a secured Instance by the form, and show how clients come to it', async () => {
    await page.goto('/instances/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('vault')
    await page.getByLabel('Client certificates').check()
    await page.getByText('Client certificates need TLS: add tls, or leave mtls out.').waitFor()
    await page.getByRole('button', { name: 'Use what is recommended' }).click()
    await page.getByRole('complementary', { name: 'Plan' }).getByText('users, over TLS').waitFor()
    await page.getByRole('button', { name: 'Create Instance' }).click()
    await page.getByRole('button', { name: /^vault is Running/ }).waitFor({ timeout: 120_000 })
    await page.getByText(/security\.protocol=SASL_SSL/).waitFor()
    const authority = page.getByRole('link', { name: 'Download ca.pem' })
    const [file] = await Promise.all([page.waitForEvent('download'), authority.click()])
    assert.match(await readFile(await file.path(), 'utf8'), /^-----BEGIN CERTIFICATE-----/)
    const security = page.getByRole('region', { name: 'Security' })
    await security.getByText('users with passwords').waitFor()
    await security.getByRole('link', { name: 'Download the authority' }).waitFor()
  })
})
