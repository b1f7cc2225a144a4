const entities: Record<string, string> = { quot: '"', gt: '>', lt: '<', amp: '&', mdash: '—' }

/** Kafka documents itself in HTML, and forgets a semicolon here and there. */
export function plainWords(html: string | null | undefined): string {
  return (html ?? '')
    .replace(/<\/?(p|br|ul|ol|li|pre)\s*\/?>/g, ' ')
    .replace(/<\/?(code|i|em|b|a)(\s[^>]*)?>/g, '')
    .replace(/&(quot|gt|lt|amp|mdash);?/g, (_whole, name: string) => entities[name]!)
    .replace(/\s+/g, ' ')
    .trim()
}
