import type { ChangeEvent } from './api-types.ts'

/**
 * The event stream as the console uses it: one connection, opened again with growing pauses after a break, and resumed
 * from the last event seen, so that nothing is missed. A hidden page gives its connection back after a while: a browser
 * allows six to one server, and tabs share them.
 */
export type LiveStatus = 'connecting' | 'live' | 'lost'

type LiveHandlers = {
  onChange: (event: ChangeEvent) => void
  /** The server no longer has what was missed, or none can tell: everything on the page may be old. */
  onReload: () => void
  onStatus: (status: LiveStatus) => void
}

const firstPauseMs = 1_000
const longestPauseMs = 30_000
const hiddenReleaseMs = 60_000

export function openLive(url: string, handlers: LiveHandlers): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastEventId = ''
  let pauseMs = firstPauseMs

  const close = () => {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }

  const connect = () => {
    close()
    source = new EventSource(lastEventId === '' ? url : `${url}?lastEventId=${lastEventId}`)
    source.onopen = () => {
      pauseMs = firstPauseMs
      handlers.onStatus('live')
    }
    source.addEventListener('change', (message: MessageEvent<string>) => {
      lastEventId = message.lastEventId
      handlers.onChange(JSON.parse(message.data) as ChangeEvent)
    })
    source.addEventListener('reload', (message: MessageEvent<string>) => {
      lastEventId = message.lastEventId
      handlers.onReload()
    })
    source.onerror = () => {
      close()
      handlers.onStatus('lost')
      timer = setTimeout(connect, pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  }

  const onVisibility = () => {
    if (document.hidden) timer = setTimeout(close, hiddenReleaseMs)
    else if (source) clearTimeout(timer)
    else connect()
  }

  document.addEventListener('visibilitychange', onVisibility)
  connect()
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    close()
  }
}

/**
 * Runs each key's work at once, then at most once a second however often it is asked: a fleet that changes all the time
 * costs a page one read a second.
 */
export function coalesce(
  run: (key: string) => void,
  pauseMs = 1_000,
): { ask: (key: string) => void; stop: () => void } {
  const pending = new Map<string, { timer: ReturnType<typeof setTimeout>; again: boolean }>()

  const start = (key: string) => {
    run(key)
    const entry = { again: false, timer: setTimeout(() => finish(key), pauseMs) }
    pending.set(key, entry)
  }
  const finish = (key: string) => {
    const again = pending.get(key)?.again
    pending.delete(key)
    if (again) start(key)
  }
  return {
    ask: (key) => {
      const entry = pending.get(key)
      if (entry) entry.again = true
      else start(key)
    },
    stop: () => {
      for (const { timer } of pending.values()) clearTimeout(timer)
      pending.clear()
    },
  }
}

/** The first words of the query keys that an event makes old: see `queries.ts`. */
export function keysOf(event: Pick<ChangeEvent, 'kind' | 'instanceId' | 'operationId'>): string[][] {
  const keys: string[][] = []
  if (event.instanceId) keys.push(['instances'], ['instance', event.instanceId], ['environment'])
  if (event.operationId) keys.push(['operations'], ['operation', event.operationId])
  return keys
}
