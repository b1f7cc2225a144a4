import { plural } from '../format.ts'

/** Of a chain there are a few certificates; nobody's are so many. */
export const longestPemBytes = 256 * 1024

/** What a PEM text holds, counted: "2 certificates", "1 private key". It is judged by the server. Pure. */
export function pemWords(text: string): string {
  const headings = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, heading]) => heading!)
  const certificates = headings.filter((heading) => heading.endsWith('CERTIFICATE')).length
  const keys = headings.filter((heading) => heading.endsWith('PRIVATE KEY')).length
  const found = [
    ...(certificates > 0 ? [plural(certificates, 'certificate')] : []),
    ...(keys > 0 ? [plural(keys, 'private key')] : []),
  ]
  return found.length > 0 ? `${found.join(' and ')} in it` : 'nothing in PEM form in it'
}
