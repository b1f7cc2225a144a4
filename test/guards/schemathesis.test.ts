import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { signRequest } from '../../src/domain/sign-request.ts'
import { startWatchedMillrace, type WatchedMillrace } from '../api/secrets/watched-millrace.ts'
import { newInstance } from '../harness/instances.ts'

/**
 * schemathesis makes of the published OpenAPI document what no person would send, signed by a signer of its own. No answer may
 * be a server error or one that the document does not tell of.
 */
const run = promisify(execFile)
const version = '4.32.5'
const folder = join(import.meta.dirname, 'schemathesis')
const environment = join(import.meta.dirname, `../../node_modules/.cache/schemathesis-${version}`)
const pair = { accessKey: 'SCHEMATHESISKEY01', secretKey: 'schemathesis-secret' }
const perRoute = 8
const seed = 1

let millrace: WatchedMillrace
before(async () => {
  await install()
  const { accessKey: MILLRACE_INITIAL_ACCESS_KEY, secretKey: MILLRACE_INITIAL_SECRET_KEY } = pair
  millrace = await startWatchedMillrace({ MILLRACE_INITIAL_ACCESS_KEY, MILLRACE_INITIAL_SECRET_KEY, LOG_LEVEL: 'warn' })
})
after(() => millrace?.[Symbol.asyncDispose]())

/** Once for a checkout; a folder that was left half made is none. */
async function install(): Promise<void> {
  if (existsSync(environment)) return
  await mkdir(dirname(environment), { recursive: true })
  const draft = await mkdtemp(`${environment}-`)
  await run('python3', ['-m', 'venv', draft])
  await run(join(draft, 'bin/python'), ['-m', 'pip', 'install', '--quiet', `schemathesis==${version}`])
  await rename(draft, environment)
}

type Answer = { instanceId: string; list: { serviceAccountId: string }[] }

async function send(method: string, path: string, sent?: unknown): Promise<Answer> {
  const url = new URL(`/api/v1${path}`, millrace.url)
  const body = sent === undefined ? {} : { body: JSON.stringify(sent) }
  const unsigned = { method, url, headers: { 'content-type': 'application/json' }, ...body }
  const headers = await signRequest(unsigned, { ...pair, environmentId: millrace.environmentId }, new Date())
  const response = await fetch(url, { method, headers, ...body })
  assert.ok(response.ok, await response.clone().text())
  return (await response.json()) as Answer
}

test(
  'whatever fits the document, and whatever does not, is answered as the document says',
  { timeout: 280_000 },
  async () => {
    const instances = [
      await send('POST', '/instances', newInstance()),
      await send('POST', '/instances', newInstance({ name: 'second' })),
    ]
    const reports = await mkdtemp(join(tmpdir(), 'millrace-schemathesis-'))
    const words = [
      [
        'run',
        `${millrace.url}/openapi.json`,
        '--phases',
        'examples,coverage,fuzzing',
        '--max-examples',
        String(perRoute),
      ],
      [
        '--checks',
        'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,signature_holds',
      ],
      ['--seed', String(seed), '--no-shrink', '--continue-on-failure', '--request-timeout', '20', '--warnings', 'off'],
      // They stay open, as they should.
      ['--exclude-path', '/api/v1/events/stream'],
    ].flat()
    const secrets = {
      MILLRACE_ACCESS_KEY: pair.accessKey,
      MILLRACE_SECRET_KEY: pair.secretKey,
      MILLRACE_ENVIRONMENT: millrace.environmentId,
      MILLRACE_ACCOUNT: (await send('GET', '/service-accounts')).list[0]!.serviceAccountId,
      MILLRACE_INSTANCES: instances.map(({ instanceId }) => instanceId).join(','),
    }
    const env = {
      ...process.env,
      ...secrets,
      SCHEMATHESIS_HOOKS: 'signed',
      PYTHONPATH: folder,
      PYTHONDONTWRITEBYTECODE: '1',
    }
    try {
      const program = join(environment, 'bin/python')
      const { stdout } = await run(program, ['-m', 'schemathesis.cli', ...words], {
        env,
        cwd: reports,
        maxBuffer: 2 ** 26,
      })
      const cases = Number(/([\d,]+) generated/.exec(stdout)?.[1]?.replaceAll(',', ''))
      assert.ok(cases > 1_000, stdout.slice(-3_000))
    } catch (thrown) {
      const { stdout = '' } = thrown as { stdout?: string }
      throw new Error(`schemathesis found something:\n${stdout.slice(-8_000)}`, { cause: thrown })
    } finally {
      await rm(reports, { recursive: true, force: true })
    }
  },
)
