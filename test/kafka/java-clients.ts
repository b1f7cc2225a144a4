import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Kafka's own Java clients, by `JavaClients.java`: one process that never outlives this one. Attempts follow one another. */
export type JavaClients = {
  /** What the client said; nothing: the record is in. `properties`: all its settings, as they stand in a file. */
  produce(properties: string, topic: string): Promise<string>
  /** The same for one that reads the topic as a member of the group, and commits. */
  consume(properties: string, topic: string, group: string): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

/** `libs`: where Kafka's jars are. */
export async function startJavaClients(libs: string): Promise<JavaClients> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-java-'))
  const flags = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', join(libs, '*')]
  const program = join(import.meta.dirname, 'JavaClients.java')
  const child = spawn('java', [...flags, program], { stdio: ['pipe', 'pipe', 'ignore'] })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  // What does not begin so is a log's.
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('Kafka’s Java clients have ended')
    return value.startsWith('=') ? value.slice(1) : await answer()
  }
  let last: Promise<unknown> = Promise.resolve()
  const attempt = (what: string, properties: string, ...words: string[]): Promise<string> => {
    const said = last.then(async () => {
      const file = join(folder, 'client.properties')
      await writeFile(file, properties, { mode: 0o600 })
      child.stdin.write(`${[what, file, ...words].join('\t')}\n`)
      return answer()
    })
    last = said.catch(() => {})
    return said
  }
  return {
    produce: (properties, topic) => attempt('produce', properties, topic),
    consume: (properties, topic, group) => attempt('consume', properties, topic, group),
    async [Symbol.asyncDispose]() {
      kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
