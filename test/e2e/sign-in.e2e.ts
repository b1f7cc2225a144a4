import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser, openPage, signIn, startMillrace, user, type Millrace } from '../harness/browser.ts'

describe('signing in', () => {
  let millrace: Millrace
  let browser: Browser
  const chosen = 'My-own-word-1'

  before(async () => {
    millrace = await startMillrace({ MILLRACE_INITIAL_PASSWORD: '' })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  it('says that name or password are wrong, and keeps what was typed', async () => {
    const page = await openPage(browser, millrace)
    await signIn(page, { user, password: 'not-the-password-1' })
    await page.getByRole('alert').getByText('not right').waitFor()
    assert.equal(await page.getByLabel('User').inputValue(), user)
    await page.context().close()
  })

  it('leads to the first page only through a password of one’s own', async () => {
    const page = await openPage(browser, millrace)
    await signIn(page, { user, password: millrace.firstPassword! })
    await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor()

    await page.getByLabel('New password', { exact: true }).fill('short')
    await page.getByLabel('New password again').fill('short')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page
      .getByText(/8 to 128 characters.*/)
      .nth(1)
      .waitFor()

    await page.goto('/instances')
    await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor()

    await page.getByLabel('Present password').fill(millrace.firstPassword!)
    await page.getByLabel('New password', { exact: true }).fill(chosen)
    await page.getByLabel('New password again').fill(chosen)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByRole('heading', { name: 'Instances', level: 1 }).waitFor()
    await page.context().close()
  })

  it('goes on to the page that was asked for', async () => {
    const page = await openPage(browser, millrace)
    await page.goto('/operations?state=Failed')
    await page.getByLabel('User').fill(user)
    await page.getByLabel('Password', { exact: true }).fill(chosen)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Operations', level: 1 }).waitFor()
    assert.match(page.url(), /\/operations\?state=Failed$/)
    await page.context().close()
  })

  it('ends with signing out: the session is gone on the server too', async () => {
    const page = await openPage(browser, millrace)
    await signIn(page, { user, password: chosen })
    await page.getByRole('button', { name: 'Your account: admin' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.goto('/instances')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.context().close()
  })

  it('makes whoever guesses wait, and says how long', async () => {
    const page = await openPage(browser, millrace)
    await page.goto('/auth/login')
    await page.getByLabel('User').fill(user)
    const wait = page.getByText(/Try again in \d+/)
    for (let attempt = 0; attempt < 20 && !(await wait.isVisible()); attempt++) {
      await page.getByLabel('Password', { exact: true }).fill(`guess-number-${attempt}`)
      const answered = page.waitForResponse('**/api/v1/sessions')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await answered
      await page.getByRole('alert').waitFor()
    }
    await wait.waitFor()
    await page.context().close()
  })
})
