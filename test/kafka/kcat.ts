import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A Kafka client that is not ours: librdkafka's kcat, with what a person would type. */

/** Sends lines with acks=all, one record each. Throws with kcat's own words when one is not acknowledged. */
export async function produce(
  bootstrapServers: string,
  topic: string,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const child = spawn('kcat', ['-P', '-b', bootstrapServers, '-t', topic, '-X', 'acks=all', '-X', 'linger.ms=0'])
  const ended = outcomeOf(child)
  for await (const line of lines) child.stdin.write(`${line}\n`)
  child.stdin.end()
  await ended
}

/** All records of a topic from its beginning, until its end is reached. */
export async function consume(bootstrapServers: string, topic: string): Promise<string[]> {
  const child = spawn('kcat', ['-C', '-e', '-q', '-b', bootstrapServers, '-t', topic, '-o', 'beginning'])
  return (await outcomeOf(child)).split('\n').filter((line) => line !== '')
}

async function outcomeOf(child: ReturnType<typeof spawn>): Promise<string> {
  let printed = ''
  let words = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (words += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`kcat ended with ${code}: ${words}`)
  return printed
}

/** A member of a consumer group, which reads on until it is disposed of. */
export function joinGroup(bootstrapServers: string, group: string, topic: string): AsyncDisposable {
  const options = ['-X', 'auto.offset.reset=earliest', '-X', 'session.timeout.ms=6000']
  const child = spawn('kcat', ['-G', group, '-q', '-b', bootstrapServers, ...options, topic])
  child.stdout.resume()
  child.stderr.resume()
  return {
    async [Symbol.asyncDispose]() {
      const closed = once(child, 'close')
      // It commits and leaves before it ends.
      child.kill('SIGINT')
      await closed
    },
  }
}
