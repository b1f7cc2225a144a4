import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A TCP socket that listens on this machine now. `*` stands for every address. The socket's inode and user: Linux only. */
export type Listener = { address: string; port: number; inode?: number; uid?: number }

export const everyAddress = '*'

export async function listListeners(): Promise<Listener[]> {
  if (process.platform !== 'linux') return listenersByLsof()
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  )
  return tables.flatMap(listenersIn)
}

export function listenersOn(listeners: Listener[], address: string, port: number): Listener[] {
  return listeners.filter((one) => one.port === port && (one.address === address || one.address === everyAddress))
}

const listenState = '0A'

/** Reads a table of proc_net_tcp(5). Words of a line: 2nd the local address in hexadecimal, 4th the state, 8th the user, 10th the inode. */
export function listenersIn(table: string): Listener[] {
  return table.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/)
    const [address, port] = (words[1] ?? '').split(':')
    if (words[3] !== listenState || !address || !port) return []
    const socket = { uid: Number(words[7]), inode: Number(words[9]) }
    return [{ address: readableAddress(address), port: Number.parseInt(port, 16), ...socket }]
  })
}

/** Words of four bytes in the machine's order, which is little-endian wherever Millrace runs. */
function readableAddress(hex: string): string {
  if (/^0+$/.test(hex)) return everyAddress
  const isMapped = hex.length === 32 && hex.startsWith('0000000000000000FFFF0000')
  if (hex.length !== 8 && !isMapped) return hex
  const bytes = Buffer.from(hex.slice(-8), 'hex').reverse()
  return isMapped && bytes.every((byte) => byte === 0) ? everyAddress : bytes.join('.')
}

async function listenersByLsof(): Promise<Listener[]> {
  const answer = await promisify(execFile)('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-Fn']).catch(() => ({
    stdout: '',
  }))
  return [...answer.stdout.matchAll(/^n(.+):(\d+)$/gm)].map(([, address, port]) => {
    return { address: address!, port: Number(port) }
  })
}
