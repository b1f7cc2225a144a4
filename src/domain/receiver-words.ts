/** What a receiver says of itself when it does not take metrics. */
export type ReceiverWords = {
  /** The header, as it came. */
  contentType: string | null
  /** The beginning of its body. */
  body: string
  /** What it was sent to sign in with. */
  secrets: readonly string[]
}

/**
 * What of an answer a person may read, in one line and short. Whoever sets the address reads through Millrace's eyes: so only what
 * receivers of Prometheus metrics answer is shown, which is plain text or the `error` of a JSON object, and never a page or
 * whatever else lives there. A receiver that repeats what it was sent shows no secret.
 */
export function shownWords({ contentType, body, secrets }: ReceiverWords): string {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase()
  const said = mediaType === 'text/plain' ? body : mediaType === 'application/json' ? errorIn(body) : ''
  return secrets.reduce(without, said).trim().replace(/\s+/g, ' ').slice(0, mostShown)
}

const mostShown = 200

function errorIn(body: string): string {
  try {
    const { error } = Object(JSON.parse(body)) as { error?: unknown }
    return typeof error === 'string' ? error : ''
  } catch {
    return ''
  }
}

/** The body may have been cut within the secret: its first half goes too. */
function without(said: string, secret: string): string {
  const text = said.replaceAll(secret, '…')
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--)
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length)
  return text
}
