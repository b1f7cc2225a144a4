import type { Certificate } from '../api-types.ts'

const kindWords: Record<Certificate['kind'], string> = {
  authority: 'Authority',
  node: 'Nodes',
  chain: 'Your certificate',
  'client-authority': 'Clients’ authority',
}

/** Of each kind the one that ends first: it is the one to care about. */
export function soonestOfEach(certificates: Certificate[]): { label: string; certificate: Certificate }[] {
  const byEnd = certificates.toSorted((one, other) => Date.parse(one.notAfter) - Date.parse(other.notAfter))
  return (Object.keys(kindWords) as Certificate['kind'][]).flatMap((kind) => {
    const certificate = byEnd.find((one) => one.kind === kind)
    return certificate ? [{ label: kindWords[kind], certificate }] : []
  })
}
