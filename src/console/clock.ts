import { useSyncExternalStore } from 'react'

/** One clock for the whole page: it ticks once a second while anything that shows an age is mounted. */
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Now, to the whole `precision`, so that what changes once a minute renders once a minute. */
export function useNow(precisionMs = 1_000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / precisionMs) * precisionMs)
}
