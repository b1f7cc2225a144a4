import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { InstanceId } from '../../src/domain/id.ts'
import type { Holdings } from '../../src/providers/simulated/simulated-holdings.ts'
import { callApi, makeRunning, openBrowser, openPage, openSignedIn, signIn } from '../harness/browser.ts'
import { startLivingMillrace, type LivingMillrace } from '../harness/living-world.ts'

const patienceMs = 60_000

/** What a team keeps in its Instance, from the first topic to the last rule. */
describe('topics, users, access rules and consumer groups', () => {
  let millrace: LivingMillrace
  let browser: Browser
  let page: Page
  let instanceId: string
  let holdings: Holdings

  before(async () => {
    millrace = await startLivingMillrace()
    browser = await openBrowser()
    page = await openSignedIn(browser, millrace)
    page.setDefaultTimeout(patienceMs)
    const security = { authenticationMethods: ['sasl'], transitEncryptionModes: ['plaintext'] }
    instanceId = (await makeRunning(page, 'shop', { security })).instanceId
    holdings = millrace.simulated.holdingsOf(instanceId as InstanceId)
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  const dialog = () => page.getByRole('dialog')
  const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click()
  const press = (name: string | RegExp) => dialog().getByRole('button', { name, exact: true }).click()
  const closed = () => dialog().waitFor({ state: 'detached' })
  const typeName = async (name: string) => {
    await dialog().getByLabel(`Type ${name} to confirm`).fill(name)
    await press('Delete for good')
    await closed()
  }

  it('make the first topic, with a setting that is held against its rule', async () => {
    await tab('Topics')
    await page.getByRole('heading', { name: 'No topic yet' }).waitFor()
    await page.getByRole('button', { name: 'Create the first topic' }).click()
    await dialog().getByLabel('Name').fill('or ders')
    await dialog().getByLabel('Partitions').fill('3')
    await dialog().getByLabel('Records are kept').selectOption('1 day')
    await press('Create topic')
    await dialog()
      .getByText(/begins and ends with a letter or a digit/)
      .waitFor()
    await dialog().getByLabel('Name').fill('orders')
    await dialog().getByRole('combobox', { name: 'Add a setting' }).fill('max.message')
    await page.keyboard.press('Enter')
    await dialog().getByRole('textbox', { name: 'max.message.bytes' }).fill('big')
    await dialog().getByText('max.message.bytes is a whole number of 32 bits; "big" is not.').waitFor()
    await dialog().getByRole('textbox', { name: 'max.message.bytes' }).fill('2097152')
    await press('Create topic')
    await page.getByRole('heading', { name: 'orders', level: 1 }).waitFor()
    const configs = { 'max.message.bytes': '2097152', 'retention.ms': '86400000' }
    assert.deepEqual(holdings.topics.get('orders')!.configs, configs)
    await page.getByRole('row', { name: /^2 In sync Node/ }).waitFor()
    assert.equal(await page.getByRole('table', { name: 'Partitions' }).getByRole('row').count(), 1 + 3)
  })

  it('grow a topic, after the warning about keys', async () => {
    await page.getByRole('button', { name: 'Add partitions' }).click()
    await dialog().getByLabel('Partitions in all').fill('2')
    await dialog().getByText('The topic has 3 partitions, and Kafka cannot take one away.').waitFor()
    await dialog().getByLabel('Partitions in all').fill('4')
    await dialog()
      .getByText(/Records with a key go to another partition/)
      .waitFor()
    await press('Add partitions')
    await closed()
    await page.getByRole('row', { name: /^3 In sync Node/ }).waitFor()
  })

  it('change a setting of a topic, and take it back to the default', async () => {
    await tab('Settings')
    await page.getByLabel('Search settings').fill('max.message')
    await page.getByText('max.message.bytes', { exact: true }).click()
    await page.getByText('1048588').waitFor()
    await page.getByRole('button', { name: 'Change it' }).click()
    await dialog().getByRole('textbox', { name: 'max.message.bytes' }).fill('3145728')
    await press('Change settings')
    await closed()
    await page.getByText('3 MiB').waitFor()
    await page.getByRole('button', { name: 'Back to the default' }).click()
    await dialog().getByText('Goes back to what holds without it: 1048588 (1 MiB).').waitFor()
    await press('Change settings')
    await closed()
    assert.deepEqual(holdings.topics.get('orders')!.configs, { 'retention.ms': '86400000' })
  })

  it('find topics by the address, internal ones too, and cannot change those', async () => {
    const orders = holdings.topics.get('orders')!
    holdings.topics.set('__millrace_canary', { ...orders, id: 'AAAAAAAAAAAAAAAAAAAAAg', name: '__millrace_canary' })
    await page.goto(`/instances/${instanceId}?tab=topics&internal=true&sort=partition&desc=true`)
    await page.getByRole('link', { name: '__millrace_canary' }).click()
    const grow = page.getByRole('button', { name: 'Add partitions' })
    await page.getByRole('heading', { name: '__millrace_canary', level: 1 }).waitFor()
    assert.match((await grow.getAttribute('aria-description')) ?? '', /belongs to Kafka/)
    await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: 'Topics' }).click()
    await page.getByLabel('Search topics').fill('nowhere')
    await page.getByRole('heading', { name: 'No match' }).waitFor()
    await page.waitForURL(/keyword=nowhere/)
    await page.getByRole('button', { name: 'Show all topics' }).click()
    await page.getByRole('row', { name: /^orders.*In sync 4 3/ }).waitFor()
  })

  it('make a user whose password is shown once, and a producer of it', async () => {
    await tab('Users')
    await page.getByRole('button', { name: 'Create the first user' }).click()
    await dialog().getByLabel('Name').fill('svc-orders')
    await dialog().getByRole('radiogroup', { name: 'Password' }).waitFor()
    await dialog().getByText('Password', { exact: true }).waitFor()
    await press('Create user')
    await dialog().getByText('Shown this once').waitFor()
    const password = await dialog().locator('code').first().innerText()
    assert.match(password, /^[a-zA-Z2-9]{32}$/)
    await dialog().getByText(`username="svc-orders" password="${password}"`).waitFor()
    await press('Give it access')
    assert.equal(await page.getByText(password).count(), 0)
    await dialog().getByRole('combobox', { name: 'Topic', exact: true }).fill('orders')
    await dialog().getByRole('region', { name: 'What is granted' }).getByText('PRODUCE on topic orders').waitFor()
    await page.keyboard.press('Tab')
    await press('Give access')
    await closed()
    await page.getByRole('link', { name: 'Access rules of svc-orders' }).click()
    await page.getByRole('row', { name: /svc-orders .*PRODUCE.*WRITE, DESCRIBE, CREATE.* topic orders/ }).waitFor()
    await page.waitForURL(/user=svc-orders/)
  })

  it('give another password, and delete the user together with its rules', async () => {
    await tab('Users')
    await page.getByRole('button', { name: 'Rotate the password of svc-orders' }).click()
    await press('Rotate password')
    await dialog().getByText('Shown this once').waitFor()
    await press('Done')
    await closed()
    await page.getByRole('button', { name: 'Delete svc-orders' }).click()
    await dialog().getByLabel('Take its 1 access rule away too').waitFor()
    await typeName('svc-orders')
    await page.getByRole('heading', { name: 'Nobody can sign in yet' }).waitFor()
    assert.deepEqual(holdings.acls, [])
  })

  it('delete a user with more rules than a request takes, and not before they are known', async () => {
    const rule = { principal: 'User:svc-many', host: '*', permissionType: 'ALLOW', operation: 'READ' } as const
    const onGroup = { resourceType: 'GROUP', patternType: 'LITERAL' } as const
    const names = Array.from({ length: 250 }, (_, index) => `group-${index}`)
    holdings.users.add('svc-many')
    holdings.acls = names.map((resourceName) => ({ ...rule, ...onGroup, resourceName }))
    await page.reload()
    const refused = (url: URL) => url.pathname.endsWith('/acls')
    await page.route(refused, (route) => route.fulfill({ status: 400, json: { error: { message: 'No look today.' } } }))
    await page.getByRole('button', { name: 'Delete svc-many' }).click()
    await dialog().getByText('No look today.').waitFor()
    await dialog().getByLabel('Type svc-many to confirm').fill('svc-many')
    const button = dialog().getByRole('button', { name: 'Delete for good' })
    assert.match((await button.getAttribute('aria-description')) ?? '', /not known yet/)
    await page.unroute(refused)
    await press('Try again')
    await dialog().getByLabel('Take its 250 access rules away too').waitFor()
    await typeName('svc-many')
    await page.getByRole('heading', { name: 'Nobody can sign in yet' }).waitFor()
    assert.deepEqual(holdings.acls, [])
  })

  it('give and take single rules, and say what of a group is missing', async () => {
    await tab('Access rules')
    await page.getByRole('heading', { name: 'No access rule yet' }).waitFor()
    await page.getByRole('button', { name: 'Give access' }).click()
    await dialog().getByText('Consumer', { exact: true }).click()
    await press('Give access')
    await dialog().getByText('Name the consumer group that it reads in.').waitFor()
    await dialog().getByRole('combobox', { name: 'User' }).fill('analytics')
    await dialog().getByLabel('Which topics').selectOption('All that begin with')
    await dialog().getByRole('combobox', { name: 'Topics that begin with' }).fill('ord')
    await dialog().getByLabel('Which groups').selectOption('Any')
    await dialog().getByText('READ on all consumer groups').waitFor()
    await press('Give access')
    await closed()
    await page.getByRole('row', { name: /analytics .*CONSUME.* topics that begin with ord/ }).waitFor()

    holdings.acls = holdings.acls.filter(({ resourceType }) => resourceType !== 'TOPIC')
    const half = { user: 'analytics', operationGroup: 'WRITE', permissionType: 'ALLOW' }
    const resourcePatternParam = { resourceType: 'TOPIC', name: 'orders' }
    const params = ['WRITE', 'DESCRIBE'].map((operationGroup) => ({
      accessControlParam: { ...half, operationGroup },
      resourcePatternParam,
    }))
    await callApi(page, { method: 'POST', path: `/instances/${instanceId}/acls`, body: { params } })
    await page.reload()
    await page.getByText('without CREATE').waitFor()
    await page.getByLabel('Kind of resource').selectOption('Consumer group')
    await page.getByText('without CREATE').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Take away: analytics, READ on all consumer groups/ }).click()
    await press('Take it away')
    await closed()
    await page.getByRole('heading', { name: 'No match' }).waitFor()
  })

  it('sort users and access rules by the head that is pressed, by keyboard too', async () => {
    const firstOf = (table: string, words: string | RegExp) =>
      page.getByRole('table', { name: table }).getByRole('row').nth(1).filter({ hasText: words }).waitFor()
    const head = (name: string, order: string) =>
      page
        .getByRole('columnheader', { name })
        .and(page.locator(`[aria-sort=${order}]`))
        .waitFor()
    for (const name of ['svc-a', 'svc-b']) holdings.users.add(name)
    await tab('Users')
    await head('User', 'ascending')
    await firstOf('Users', 'svc-a')
    await page.getByRole('button', { name: 'User', exact: true }).focus()
    await page.keyboard.press('Enter')
    await head('User', 'descending')
    await firstOf('Users', 'svc-b')
    await page.waitForURL(/desc=true/)
    holdings.users.clear()

    const rule = { host: '*', permissionType: 'ALLOW', operation: 'READ', patternType: 'LITERAL' } as const
    const before = holdings.acls
    holdings.acls = [
      { ...rule, principal: 'User:svc-a', resourceType: 'TOPIC', resourceName: 'orders' },
      { ...rule, principal: 'User:svc-b', resourceType: 'GROUP', resourceName: 'billing' },
    ]
    await tab('Access rules')
    await page.reload()
    await head('User', 'ascending')
    await firstOf('Access rules', 'svc-a')
    await page.getByRole('button', { name: 'On', exact: true }).click()
    await head('On', 'ascending')
    await head('User', 'none')
    await firstOf('Access rules', 'billing')
    await page.getByLabel('Part of a resource’s name').fill('r')
    await firstOf('Access rules', 'orders')
    await page.waitForURL(/sort=resourceName/)
    holdings.acls = before
  })

  it('look at a group and its lag, and reset it once nobody reads', async () => {
    holdings.topics.get('orders')!.records = 100
    const committed = new Map([0, 1, 2, 3].map((partition) => [`orders ${partition}`, 70 + partition * 10]))
    const assignments = [{ topic: 'orders', partitions: [0, 1, 2, 3] }]
    const member = { memberId: 'm-1', instanceId: null, clientId: 'billing-1', host: '10.0.0.7', assignments }
    const groupId = 'com.shop/billing #1'
    holdings.groups.set(groupId, { groupId, members: [member], committed })
    await tab('Consumer groups')
    await page.getByRole('row', { name: /billing #1.* Stable 1 60/ }).waitFor()
    await page.getByRole('link', { name: groupId }).click()
    await page.getByRole('row', { name: 'orders 0 30 billing-1 70 100' }).waitFor()
    await page.getByRole('row', { name: /billing-1.*10\.0\.0\.7 orders 0–3/ }).waitFor()
    const remove = page.getByRole('button', { name: 'Delete' })
    assert.match((await remove.getAttribute('aria-description')) ?? '', /1 member reads in the group/)
    await page.getByRole('button', { name: 'Reset offsets' }).click()
    await dialog()
      .getByText(/Stop them first/)
      .waitFor()
    await dialog().getByText('4 partitions, lag 60 → 400.').waitFor()
    await press('Keep as it is')

    holdings.groups.get(groupId)!.members = []
    await page.reload()
    await page.getByRole('button', { name: 'Reset offsets' }).click()
    await dialog().getByLabel('Go to').selectOption('So many records on, or back')
    await dialog().getByLabel('Records; back with a minus').fill('-20')
    await dialog().getByLabel('In', { exact: true }).selectOption('orders')
    await dialog().getByLabel('Partitions').fill('0-1')
    await dialog().getByText('2 partitions, lag 50 → 90.').waitFor()
    await press('Reset offsets')
    await closed()
    assert.deepEqual([...holdings.groups.get(groupId)!.committed.values()], [50, 60, 90, 100])
    await page.getByRole('row', { name: 'orders 0 50 nobody 50 100' }).waitFor()
    await remove.click()
    await typeName(groupId)
    await page.getByRole('heading', { name: 'Nobody reads yet' }).waitFor()
  })

  it('show a viewer everything but a way to change it', async () => {
    type Invited = { oneTimePassword: string }
    const invitation = { method: 'POST', path: '/members', body: { name: 'anna', role: 'viewer' } }
    const { oneTimePassword } = await callApi<Invited>(page, invitation)
    const own = await openPage(browser, millrace)
    await signIn(own, { user: 'anna', password: oneTimePassword })
    await own.getByLabel('New password', { exact: true }).fill('Mill-pond-42')
    await own.getByLabel('New password again').fill('Mill-pond-42')
    await own.getByRole('button', { name: 'Change password' }).click()
    await own.getByRole('heading', { name: 'Instances', level: 1 }).waitFor()
    for (const [where, words] of [
      ['topics', 'Create topic'],
      ['users', 'Create the first user'],
      ['acls', 'Give access'],
    ]) {
      await own.goto(`/instances/${instanceId}?tab=${where}`)
      const button = own.getByRole('button', { name: words! })
      assert.match((await button.getAttribute('aria-description')) ?? '', /As a viewer you may look/)
    }
    await own.context().close()
  })

  it('work while the Instance is being changed', async () => {
    const body = { operation: { pauseAfter: 'first' } }
    await callApi(page, { method: 'POST', path: `/instances/${instanceId}:restart`, body })
    await page.goto(`/instances/${instanceId}?tab=topics`)
    await page.getByRole('button', { name: /^shop is In Progress/ }).waitFor()
    await page.getByRole('link', { name: 'orders' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await typeName('orders')
    await page.getByRole('heading', { name: 'No topic yet' }).waitFor()
  })

  it('say why there are no users and no rules where nobody signs in', async () => {
    const { instanceId: plain } = await makeRunning(page, 'plain')
    await page.goto(`/instances/${plain}?tab=users`)
    await page.getByRole('heading', { name: 'Nobody signs in here by name' }).waitFor()
    await tab('Access rules')
    await page.getByRole('heading', { name: 'Nothing is enforced here' }).waitFor()
  })

  it('show what Kafka told before while nobody answers, and say so', async () => {
    const { instanceId: silent } = await makeRunning(page, 'silent')
    const body = { name: 'payments', partition: 1 }
    await callApi(page, { method: 'POST', path: `/instances/${silent}/topics`, body })
    await tab('Topics')
    await page.getByRole('row', { name: /^payments/ }).waitFor()
    for (const kafkaId of [1, 2, 3]) millrace.simulated.loseNode(silent as InstanceId, kafkaId)
    await page.getByText('Kafka does not tell anew').waitFor()
    await page.getByRole('row', { name: /^payments/ }).waitFor()
    await tab('Consumer groups')
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor()
  })
})
