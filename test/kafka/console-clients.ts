import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Kafka's own Java clients, as its console tools use them: one record in, one record out. */
export type ConsoleClient = { libs: string; folder: string; properties: string }

/** `''` when the record was acknowledged, otherwise what the client said. */
export async function produceOne(client: ConsoleClient, servers: string, topic: string): Promise<string> {
  const said = await run(client, 'ConsoleProducer', {
    input: 'one record\n',
    words: ['--bootstrap-server', servers, '--topic', topic, '--command-config', ...limits('--command-property')],
  })
  return /ERROR|Exception/.test(said.text) ? said.text : ''
}

const limits = (flag: string) =>
  ['max.block.ms=6000', 'delivery.timeout.ms=7000', 'request.timeout.ms=3000', 'linger.ms=0'].flatMap((setting) => [
    flag,
    setting,
  ])

type Run = { input: string; words: string[] }

async function run({ libs, folder, properties }: ConsoleClient, tool: string, { input, words }: Run) {
  const file = join(folder, 'client.properties')
  await writeFile(file, properties, { mode: 0o600 })
  const at = words.indexOf('--command-config') + 1
  const flags = ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', join(libs, '*')]
  const command = [...flags, `org.apache.kafka.tools.${tool}`, ...words.toSpliced(at, 0, file)]
  return new Promise<{ text: string }>((resolve) => {
    const child = execFile('java', command, { timeout: 60_000 }, (_error, printed, complained) =>
      resolve({ text: `${printed}${complained}` }),
    )
    child.stdin!.end(input)
  })
}
