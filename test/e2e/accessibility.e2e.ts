import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { InstanceId } from '../../src/domain/id.ts'
import { createAuthority, issueCertificate } from '../../src/security/authority.ts'
import {
  callApi,
  makeInstance,
  makeRunning,
  openBrowser,
  openPage,
  openSignedIn,
  recommendedVersion,
  refuseAxeFindings,
  refuseSideways,
} from '../harness/browser.ts'
import { runOtherwise, setByHand } from '../harness/instances.ts'
import { startLivingMillrace, type LivingMillrace } from '../harness/living-world.ts'

type Shown = { instanceId: string; operationId: string }
/** One that serves, one that failed, one whose upgrade pauses half-way, one that was changed past Millrace, and one in use. */
type Scene = { serving: Shown; failed: Shown; pausing: Shown; drifting: Shown; holding: Shown & { topicId: string } }

/** Every page, and what opens on it. A new page is a new line. */
const pages: [name: string, path: (scene: Scene) => string, open?: (page: Page) => Promise<void>][] = [
  ['the Instances', () => '/instances'],
  ['the Instances without a match', () => '/instances?keyword=nobody'],
  ['a state’s story', () => '/instances', (page) => page.getByRole('button', { name: /^orders is/ }).click()],
  ['a row’s menu', () => '/instances', (page) => page.getByRole('button', { name: 'Actions of orders' }).click()],
  ['the form', () => '/instances/new'],
  ['the form with errors', () => '/instances/new', refuse],
  ['the form of a secured Instance', () => '/instances/new', secure],
  ['an Instance', ({ serving }) => `/instances/${serving.instanceId}`],
  ['its nodes', ({ serving }) => `/instances/${serving.instanceId}?tab=nodes`],
  ['what its loss would mean', ({ serving }) => `/instances/${serving.instanceId}?tab=nodes`, askWhatIf],
  ['its settings', ({ serving }) => `/instances/${serving.instanceId}?tab=settings`],
  ['all its settings', ({ serving }) => `/instances/${serving.instanceId}?tab=settings&show=all`, openSetting],
  ['its settings without a match', ({ serving }) => `/instances/${serving.instanceId}?tab=settings&keyword=nobody`],
  ['its settings being changed', ({ serving }) => `/instances/${serving.instanceId}?tab=settings`, changeSettings],
  ['a setting being looked for', ({ serving }) => `/instances/${serving.instanceId}?tab=settings`, pickSetting],
  ['its reconfiguration', ({ serving }) => `/instances/${serving.instanceId}`, planReconfigure],
  ['its upgrade', ({ serving }) => `/instances/${serving.instanceId}`, planOf('Upgrade')],
  ['its restart', ({ serving }) => `/instances/${serving.instanceId}`, planOf('Restart')],
  ['its Operations', ({ serving }) => `/instances/${serving.instanceId}?tab=operations`],
  ['its activity', ({ serving }) => `/instances/${serving.instanceId}?tab=activity`],
  ['its metrics exporter', ({ serving }) => `/instances/${serving.instanceId}`, setUpExporter],
  ['its deletion', ({ serving }) => `/instances/${serving.instanceId}`, askToDelete],
  ['an Instance that failed', ({ failed }) => `/instances/${failed.instanceId}`],
  ['an Instance whose upgrade pauses', ({ pausing }) => `/instances/${pausing.instanceId}?tab=nodes`, openReport],
  ['its Operation', ({ pausing }) => `/operations/${pausing.operationId}`, openReport],
  ['an Instance with drift', ({ drifting }) => `/instances/${drifting.instanceId}?tab=nodes`, noticeDrift],
  ['its drift', ({ drifting }) => `/instances/${drifting.instanceId}`, reviewDrift],
  ['its topics', ({ holding }) => `/instances/${holding.instanceId}?tab=topics&internal=true`],
  ['a topic being made', ({ holding }) => `/instances/${holding.instanceId}?tab=topics`, refuseTopic],
  ['a topic', topicPath],
  ['a topic’s settings', (scene) => `${topicPath(scene)}?tab=settings`, openTopicSetting],
  ['a secured Instance', ({ holding }) => `/instances/${holding.instanceId}`, showCertificates],
  ['its new authority', ({ holding }) => `/instances/${holding.instanceId}`, planOf('Exchange the authority')],
  ['its security being changed', ({ holding }) => `/instances/${holding.instanceId}`, changeSecurity],
  ['certificates that are refused', ({ holding }) => `/instances/${holding.instanceId}`, refuseCertificates],
  ['its users', ({ holding }) => `/instances/${holding.instanceId}?tab=users`],
  ['a user with another password', ({ holding }) => `/instances/${holding.instanceId}?tab=users`, rotate],
  ['its access rules', ({ holding }) => `/instances/${holding.instanceId}?tab=acls`],
  ['access being given', ({ holding }) => `/instances/${holding.instanceId}?tab=acls`, giveAccess],
  ['no rules where nobody signs in', ({ serving }) => `/instances/${serving.instanceId}?tab=acls`],
  ['its consumer groups', ({ holding }) => `/instances/${holding.instanceId}?tab=groups`],
  ['a consumer group being reset', ({ holding }) => `/instances/${holding.instanceId}/group?groupId=billing`, dryRun],
  ['the Operations', () => '/operations'],
  ['an Operation', ({ serving }) => `/operations/${serving.operationId}`],
  ['the environment', () => '/environment'],
  ['the members', () => '/members'],
  ['a member being taken care of', () => '/members', manage('admin')],
  ['the service accounts', () => '/service-accounts'],
  ['a service account being changed', () => '/service-accounts', manage('terraform')],
  ['a service account being made', () => '/service-accounts', createAccount],
  ['the audit', () => '/audit', openDeed],
  ['the audit without a match', () => '/audit?keyword=nobody'],
  ['the command palette', () => '/instances', (page) => page.keyboard.press('Control+k')],
  ['a page that is not there', () => '/nowhere'],
]

const screens = [
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
] as const

async function refuse(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Create Instance' }).click()
  await page.getByText(/this one has 0/).waitFor()
}

async function askToDelete(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('list', { name: 'What will be deleted' }).waitFor()
}

async function askWhatIf(page: Page): Promise<void> {
  await page.getByLabel('A node or a zone').selectOption('All of sim-b')
  await page.getByText(/^Without node 2, the Instance goes on serving/).waitFor()
  await page.getByText(/^Tightest of those it carries: partition \d+ of/).waitFor()
}

async function openSetting(page: Page): Promise<void> {
  await page.getByText('background.threads', { exact: true }).click()
  await page.getByRole('button', { name: 'Set it for this Instance' }).waitFor()
}

const settingsDialog = (page: Page) => page.getByRole('dialog', { name: /^Kafka settings/ })

async function addSetting(page: Page, key: string): Promise<void> {
  await settingsDialog(page).getByRole('combobox', { name: 'Add a setting' }).fill(key)
  await settingsDialog(page).getByRole('button', { name: 'Add' }).click()
  await settingsDialog(page).getByLabel(key, { exact: true }).and(page.locator('input:focus')).waitFor()
}

/** One taken away, one at once, one that is wrong, and a secret. */
async function changeSettings(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Change settings' }).click()
  await page.getByRole('button', { name: 'Take log.retention.ms away' }).click()
  await addSetting(page, 'auto.create.topics.enable')
  await page.keyboard.type('true')
  await addSetting(page, 'ssl.keystore.password')
  await page.keyboard.type('hush')
  await addSetting(page, 'num.io.threads')
  await page.keyboard.type('0')
  await settingsDialog(page).getByText('num.io.threads is at least 1; this is "0".').waitFor()
}

async function pickSetting(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Change settings' }).click()
  await settingsDialog(page).getByRole('combobox', { name: 'Add a setting' }).fill('threads')
  await page.getByRole('option', { name: /^background\.threads/ }).waitFor()
}

async function planned(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('region', { name: 'Plan' }).getByRole('list').first().waitFor()
}

/** Of a change that needs no word more. */
function planOf(button: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole('button', { name: button, exact: true }).click()
    await planned(page)
  }
}

async function planReconfigure(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Reconfigure', exact: true }).click()
  await page.getByRole('textbox', { name: 'AKU' }).fill('10')
  await planned(page)
}

async function setUpExporter(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Set up an exporter' }).click()
  await page.getByRole('dialog').getByText('How Millrace signs in there').waitFor()
}

async function noticeDrift(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Drift' }).waitFor()
  await page.getByRole('button', { name: 'Review drift' }).waitFor()
}

/** One way is closed, the other chosen. */
async function reviewDrift(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await page.getByRole('radio', { name: 'Revert' }).check()
  await planned(page)
}

function topicPath({ holding }: Scene): string {
  return `/instances/${holding.instanceId}/topics/${holding.topicId}`
}

async function refuseTopic(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Create topic' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Create topic' }).click()
  await page.getByText('Name the topic.').waitFor()
}

async function openTopicSetting(page: Page): Promise<void> {
  await page.getByText('retention.ms', { exact: true }).click()
  await page.getByRole('button', { name: 'Back to the default' }).waitFor()
}

async function rotate(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Rotate the password of svc-orders' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate password' }).click()
  await page.getByText('Shown this once').waitFor()
}

/** A single rule has every field. */
async function giveAccess(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Give access' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Single rule', { exact: true }).click()
  await dialog.getByRole('combobox', { name: 'User' }).fill('svc-orders')
  await dialog.getByRole('combobox', { name: 'Topic', exact: true }).fill('payments')
  await dialog.getByRole('region', { name: 'What is granted' }).waitFor()
  await page.keyboard.press('Tab')
}

/** Somebody reads: it says why not. */
async function dryRun(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Reset offsets' }).click()
  await page.getByRole('dialog').getByText('Dry run:').waitFor()
}

function manage(name: string) {
  return async (page: Page) => page.getByRole('button', { name: `Manage ${name}` }).click()
}

/** Some Instances chosen of all, and a last day. */
async function createAccount(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Create service account' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Chosen ones').check()
  await dialog.getByLabel('Ends').selectOption('On a day')
  await dialog.getByRole('button', { name: 'Create service account' }).click()
  await dialog.getByText('Choose the day.').waitFor()
}

async function openDeed(page: Page): Promise<void> {
  await page.getByText('Instance: create').first().click()
  await page.getByRole('table', { name: 'Before and after' }).waitFor()
}

/** With every field, and choices that do not go together. */
async function secure(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /^TLS/ }).check()
  await page.getByLabel('Client certificates').check()
  await page.getByText('A certificate of your own (optional)').click()
  await page.getByRole('button', { name: 'Create Instance' }).click()
  await page.getByText(/give its certificate/).waitFor()
}

/** One that ends soon. */
async function showCertificates(page: Page): Promise<void> {
  await page.getByRole('list', { name: 'Certificates' }).getByText('Your certificate').waitFor()
  await page.getByText(/in less than 30 days/).waitFor()
}

/** A listener of each fate. */
async function changeSecurity(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Change security' }).click()
  await page.getByRole('checkbox', { name: /^Anybody/ }).check()
  await page.getByRole('checkbox', { name: /^Plain text/ }).uncheck()
  await planned(page)
}

async function refuseCertificates(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Change security' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Exchange', { exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Certificate chain' }).fill('hello')
  await dialog.getByText('This is no certificate in PEM form').waitFor()
  await dialog.getByRole('checkbox', { name: /^Client certificates/ }).check()
  await dialog.getByRole('textbox', { name: 'Authority of the clients' }).waitFor()
}

async function openReport(page: Page): Promise<void> {
  await page.getByText('Gate report').first().click()
  await page.getByText(/voters caught up/).waitFor()
}

describe('no page has an axe finding', () => {
  let millrace: LivingMillrace
  let browser: Browser
  let scene: Scene

  before(async () => {
    millrace = await startLivingMillrace()
    browser = await openBrowser()
    scene = await setScene(millrace, await openSignedIn(browser, millrace))
  })
  after(async () => {
    await browser?.close()
    await millrace?.[Symbol.asyncDispose]()
  })

  for (const [colorScheme, width] of screens) {
    const screen = `${colorScheme}, ${width} pixels wide`
    it(`on the way in, ${screen}`, async () => {
      const page = await openPage(browser, millrace, { colorScheme, viewport: { width, height: 900 } })
      await page.goto('/auth/login')
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await refuseAxeFindings(page)
      await page.context().close()
    })

    it(`inside, ${screen}`, async (test) => {
      const page = await openSignedIn(browser, millrace, { colorScheme, viewport: { width, height: 900 } })
      for (const [name, path, open] of pages) {
        await test.test(name, async () => {
          await page.goto(path(scene))
          await page.getByRole('heading', { level: 1 }).waitFor()
          await open?.(page)
          await settle(page)
          await refuseAxeFindings(page)
          await refuseSideways(page)
        })
      }
      await page.context().close()
    })
  }
})

async function setScene(millrace: LivingMillrace, page: Page): Promise<Scene> {
  page.setDefaultTimeout(60_000)
  const version = '4.1.2'
  const failed = await makeInstance(page, 'broken', { trouble: 'refused' })
  await page.goto(`/instances/${failed.instanceId}`)
  await page.getByRole('button', { name: /^broken is Service Exception/ }).waitFor()

  const { instanceId } = await makeRunning(page, 'pausing', { version })
  const upgrade = { version: await recommendedVersion(page), operation: { pauseAfter: 'first' } }
  await callApi(page, { method: 'PATCH', path: `/instances/${instanceId}`, body: upgrade })
  await page.getByText('It pauses here, as asked').waitFor()
  type Operations = { list: { operationId: string }[] }
  const path = `/operations?instanceId=${instanceId}`
  const { list } = await callApi<Operations>(page, { method: 'GET', path })
  const pausing = { instanceId, operationId: list[0]!.operationId }

  const drifting = await makeRunning(page, 'drifting')
  runOtherwise(millrace, drifting.instanceId, { kafkaId: 2, configs: { 'num.io.threads': '3' } })
  await setByHand(millrace, drifting.instanceId, { set: { 'ssl.keystore.password': 'hush', 'message.max.bytes': '1' } })
  millrace.simulated.joinStranger(drifting.instanceId as InstanceId, 9)

  const serving = await makeRunning(page, 'orders', { version })
  const longest = { key: 'log.message.timestamp.type', value: 'LogAppendTime' }
  const own = { features: { instanceConfigs: [{ key: 'log.retention.ms', value: '86400000' }, longest] } }
  await callApi(page, { method: 'PATCH', path: `/instances/${serving.instanceId}`, body: own })
  await page.goto(`/operations?state=Succeeded`)
  await page.getByRole('link', { name: 'Change settings' }).waitFor()
  const holding = await fill(millrace, page)
  const account = { name: 'terraform', role: 'operator' }
  await callApi(page, { method: 'POST', path: '/service-accounts', body: account })
  await page.context().close()
  return { serving, failed, pausing, drifting, holding }
}

/** One in use: a topic that lacks a replica, a user, a rule that is not whole, and a group that reads. */
async function fill({ simulated }: LivingMillrace, page: Page): Promise<Scene['holding']> {
  const security = { authenticationMethods: ['sasl'], transitEncryptionModes: ['plaintext', 'tls'] }
  const made = await makeRunning(page, 'holding', { security })
  await callApi(page, { method: 'PATCH', path: `/instances/${made.instanceId}`, body: await endingCertificate() })
  await page.getByText(/in less than 30 days/).waitFor()
  const post = <T>(path: string, body: unknown) =>
    callApi<T>(page, { method: 'POST', path: `/instances/${made.instanceId}${path}`, body })
  const configs = [{ key: 'retention.ms', value: '86400000' }]
  const { topicId } = await post<{ topicId: string }>('/topics', { name: 'orders', partition: 3, configs })
  await post('/users', { name: 'svc-orders' })
  const resourcePatternParam = { resourceType: 'TOPIC', name: 'orders' }
  const params = ['WRITE', 'DESCRIBE'].map((operationGroup) => ({
    accessControlParam: { user: 'svc-orders', operationGroup },
    resourcePatternParam,
  }))
  await post('/acls', { params })
  const { topics, groups } = simulated.holdingsOf(made.instanceId as InstanceId)
  const orders = topics.get('orders')!
  orders.records = 100
  orders.places[1]!.replicas.push(9)
  const assignments = [{ topic: 'orders', partitions: [0] }]
  const members = [{ memberId: 'm-1', instanceId: null, clientId: 'billing-1', host: '10.0.0.7', assignments }]
  groups.set('billing', { groupId: 'billing', members, committed: new Map([['orders 0', 40]]) })
  return { ...made, topicId }
}

/** A certificate of the user's own that must be exchanged soon. */
async function endingCertificate() {
  const now = new Date()
  const company = await createAuthority('Our company', now)
  const names = { commonName: 'kafka.example.com', dnsNames: ['kafka.example.com'], addresses: [] }
  const { certificate, privateKey } = await issueCertificate(company, { ...names, now, days: 20 })
  return { features: { security: { certificateChain: certificate + company.certificate, privateKey } } }
}

/**
 * Nothing is being read, and nothing fades in any more: half-faded text has half its contrast. What was just opened begins to fade
 * two frames later.
 */
const isSettled = `(async () => {
  for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame)
  const isReading = (words) => (words.ariaLabel ?? words.textContent).endsWith("…")
  return ![...document.querySelectorAll("[role=status]")].some(isReading) &&
    !document.getAnimations().some(({ effect }) => effect.getComputedTiming().iterations === 1)
})()`

const settleLimitMs = 20_000

async function settle(page: Page): Promise<void> {
  // Not `waitForFunction`: it evaluates text in the page, which the page's policy forbids.
  const deadline = Date.now() + settleLimitMs
  for (let restful = 0; restful < 2;) {
    if (Date.now() > deadline) throw new Error(`${page.url()} does not come to rest`)
    restful = (await page.evaluate<boolean>(isSettled)) ? restful + 1 : 0
  }
}
