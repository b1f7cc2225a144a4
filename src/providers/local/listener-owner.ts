import { readdir, readlink } from 'node:fs/promises'
import { listListeners, listenersOn } from './listeners.ts'
import type { Listener } from './listeners.ts'

/**
 * Listening sockets that an ended node has left for a moment: a JVM's main thread can be gone while the kernel still closes what
 * its other threads held. A socket that a living process holds is not the node's: somebody else has taken the address.
 */
export async function leftoverListeners(address: string, ports: number[]): Promise<Listener[]> {
  const listeners = await listListeners()
  const found = ports.flatMap((port) => listenersOn(listeners, address, port))
  const foreign = await Promise.all(found.map(isForeign))
  return found.filter((_, index) => !foreign[index])
}

/** Where the system does not tell the socket (macOS), it is taken to be somebody else's. */
async function isForeign({ inode, uid }: Listener): Promise<boolean> {
  if (inode === undefined || uid !== process.getuid?.()) return true
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const holds = await Promise.all(pids.map((pid) => holdsSocket(pid, inode)))
  return holds.includes(true)
}

async function holdsSocket(pid: string, inode: number): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  // Another user's process, or one that has just ended, shows nothing.
  const files = await readdir(folder).catch(() => [])
  const targets = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '')))
  return targets.includes(`socket:[${inode}]`)
}
