import type { Connection } from '@platformatic/kafka'

/**
 * Connections that were used a moment ago, for whoever asks the same broker again: a handshake of TLS costs a node some ten
 * milliseconds of a processor, and a change under way looks twice a second. Whoever takes one has it alone. One whose broker has
 * gone leaves by itself, and none keeps this process from ending.
 */
type Kept = { key: string; connection: Connection; leave(): void }

const keptMs = 2_000

let kept: Kept[] = []

/** The one that was used last. */
export function takeConnection(key: string): Connection | undefined {
  const last = kept.findLast((one) => one.key === key)
  if (!last) return undefined
  last.leave()
  last.connection.socket.ref()
  return last.connection
}

export function keepConnection(key: string, connection: Connection): void {
  const { socket } = connection
  const leave = () => {
    clearTimeout(timer)
    socket.off('close', leave)
    kept = kept.filter((one) => one.connection !== connection)
  }
  const timer = setTimeout(() => {
    leave()
    closeConnection(connection)
  }, keptMs).unref()
  socket.unref()
  socket.once('close', leave)
  kept.push({ key, connection, leave })
}

export function closeConnection(connection: Connection): void {
  connection.close().catch(() => {})
  connection.socket?.destroy()
}
