import { open } from 'node:fs/promises'
import { isFormatted } from '../../kafka/storage-format.ts'
import { nodeFolder } from './node-folder.ts'
import type { NodePlace } from './node-folder.ts'
import type { NodeRecord } from './node-record.ts'

/** Why a node has no process, in words for the person: from what was asked of it and from the end of its logs. */
export async function exitReason(place: NodePlace, record: NodeRecord | undefined): Promise<string> {
  if (!record) return 'Its making or its removal was cut short.'
  if (record.startedWith && !(await isFormatted(nodeFolder(place).data))) return 'Its data is no longer in its folder.'
  if (record.stopAskedAt) return 'It was asked to stop.'
  if (!record.process) return 'Its process was not started.'
  const { serverLog, processLog } = nodeFolder(place)
  const said = (await tailOf(processLog, 0)) + (await tailOf(serverLog, record.logStart))
  return reasonIn(said, record)
}

type Listening = { spec: { address: string; port: number; controllerPort: number } }

/** The first cause that the log names; the order matters, for one failure drags others behind it. */
export function reasonIn(log: string, { spec }: Listening): string {
  if (/Address already in use/.test(log)) {
    return `Another program holds ${spec.address}:${spec.port} or ${spec.address}:${spec.controllerPort}.`
  }
  const refused = /ConfigException: (.+)/.exec(log)?.[1]
  if (refused) return `Kafka refused its settings: ${refused.slice(0, 300)}`
  const known = causes.find(({ pattern }) => pattern.test(log))
  if (known) return known.words
  const fatal = /(?:FATAL|ERROR) (.*(?:[Ee]xiting|[Ff]atal|[Ff]ailed).*)/.exec(log)?.[1]
  return fatal
    ? `Kafka gave up: ${fatal.slice(0, 300)}`
    : 'Its process was ended from outside, without a word in its log.'
}

const causes: { pattern: RegExp; words: string }[] = [
  { pattern: /No space left on device/, words: 'The disk is full.' },
  { pattern: /OutOfMemoryError: Java heap space|GC overhead limit/, words: 'Its heap was too small for its load.' },
  { pattern: /OutOfMemoryError|insufficient memory|Cannot allocate/, words: 'This machine had no memory left for it.' },
  { pattern: /Failed to acquire lock on file .*\.lock/, words: 'Another process uses its data folder.' },
  { pattern: /No MetadataVersion with feature level/, words: 'Its Kafka version is older than the data it found.' },
  { pattern: /all log dirs in .* have failed/, words: 'Its data folder cannot be read or written.' },
  { pattern: /Could not find or load main class/, words: 'Its Kafka distribution is incomplete.' },
  { pattern: /due to signal SIG(TERM|INT|HUP)/, words: 'It was told to stop by a signal from outside Millrace.' },
]

const tailBytes = 64 * 1024

/** The end of a log, from the given place on; from its beginning when it has been rolled since. */
async function tailOf(path: string, from: number): Promise<string> {
  const file = await open(path).catch(() => undefined)
  if (!file) return ''
  try {
    const { size } = await file.stat()
    const start = Math.max(size < from ? 0 : from, size - tailBytes)
    const buffer = Buffer.alloc(Math.max(0, size - start))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
