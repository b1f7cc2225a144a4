import { useRef } from 'react'

/**
 * The same key for the same body: pressing twice, or again after an answer was lost, makes one Instance. A changed body
 * is a new request and gets a new key.
 */
export function useIdempotencyKey(): (body: unknown) => string {
  const last = useRef<{ body: string; key: string }>(undefined)
  return (body) => {
    const text = JSON.stringify(body)
    if (last.current?.body !== text) last.current = { body: text, key: randomKey() }
    return last.current.key
  }
}

/** Not `randomUUID`: browsers offer that over HTTPS and on localhost only. */
const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
