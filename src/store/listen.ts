import pg from 'pg'

/**
 * Listens to one notification channel on a connection of its own and reconnects by itself. Notifications sent while the
 * connection was down are lost: `onConnected` runs after each (re)connection, so that the listener can look what it missed.
 */
export type Listener = { close(): Promise<void> }

export type ListenRequest = {
  connection: pg.PoolConfig
  channel: string
  onNotification(payload: string): void
  onConnected(): void
}

const reconnectAfterMs = 500

export function listen(request: ListenRequest): Listener {
  let closed = false
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined

  const reconnectLater = () => {
    clearTimeout(retry)
    if (!closed) retry = setTimeout(connect, reconnectAfterMs)
  }

  const connect = async () => {
    const fresh = new pg.Client(request.connection)
    client = fresh
    fresh.on('notification', ({ payload }) => request.onNotification(payload ?? ''))
    fresh.on('error', () => {})
    fresh.on('end', reconnectLater)
    try {
      await fresh.connect()
      await fresh.query(`listen ${pg.escapeIdentifier(request.channel)}`)
      request.onConnected()
    } catch {
      // A failed connect also ends the client, and `end` tries again.
      await fresh.end().catch(() => {})
    }
  }

  void connect()
  return {
    async close() {
      closed = true
      clearTimeout(retry)
      await client?.end().catch(() => {})
    },
  }
}
