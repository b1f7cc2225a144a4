import { akuLimits, akuProblem, nodesForAku } from '../../domain/aku.ts'
import { descriptionProblem, instanceNameProblem } from '../../domain/names.ts'
import { comfortableFreeSlots } from '../../domain/placement.ts'
import type { Environment, NewInstance, SubnetUse, Version } from '../api-types.ts'
import { plural } from '../format.ts'
import {
  draftSecurityProblems,
  openSecurity,
  securityFields,
  securityOf,
  type SecurityDraft,
} from './security-draft.ts'

/** What a person has typed into the create form, and what follows from it. Pure. */
export type InstanceDraft = {
  name: string
  description: string
  networks: { zone: string; subnet: string }[]
  reservedAku: number | ''
  version: string
  security: SecurityDraft
}

export const draftFields = [
  'name',
  'description',
  'networks',
  ...[0, 1, 2].flatMap((index) => [`networks.${index}.zone`, `networks.${index}.subnet`]),
  'reservedAku',
  'version',
  ...securityFields,
] as const

export function emptyDraft(environment: Environment, versions: Version[]): InstanceDraft {
  return {
    name: '',
    description: '',
    networks: networksFor(environment.zones.length >= 3 ? 3 : 1, environment),
    reservedAku: akuLimits.least,
    version: (versions.find(({ recommended }) => recommended) ?? versions[0])?.version ?? '',
    security: openSecurity,
  }
}

export const networksFor = (count: number, { zones }: Environment): InstanceDraft['networks'] =>
  zones.slice(0, count).map((zone) => ({ zone: zone.id, subnet: roomiest(zone.subnets)?.id ?? '' }))

export const roomiest = (subnets: SubnetUse[]): SubnetUse | undefined =>
  subnets.toSorted((one, other) => other.free - one.free)[0]

export const draftProblems = {
  name: instanceNameProblem,
  description: descriptionProblem,
  reservedAku: (aku: number | '') => akuProblem(Number(aku)),
}

/** Everything wrong with a draft, by field. */
export function problemsOf(draft: InstanceDraft): Record<string, string> {
  const { name, description, reservedAku } = draftProblems
  const found = {
    name: name(draft.name),
    description: description(draft.description),
    reservedAku: reservedAku(draft.reservedAku),
    ...draftSecurityProblems(draft.security),
  }
  return Object.fromEntries(Object.entries(found).flatMap(([field, problem]) => (problem ? [[field, problem]] : [])))
}

export function bodyOf(draft: InstanceDraft): NewInstance {
  const security = securityOf(draft.security)
  return {
    name: draft.name,
    ...(draft.description === '' ? {} : { description: draft.description }),
    version: draft.version,
    spec: { reservedAku: Number(draft.reservedAku), networks: draft.networks },
    ...(security && { features: { security } }),
  }
}

/** What to ask a plan for. A plan needs no name, so a stand-in serves until there is a right one. */
export function planBodyOf(draft: InstanceDraft, standInName: string): NewInstance | null {
  if (draftProblems.reservedAku(draft.reservedAku) || draft.version === '') return null
  if (Object.keys(draftSecurityProblems(draft.security)).length > 0) return null
  const name = instanceNameProblem(draft.name) ? standInName : draft.name
  const description = descriptionProblem(draft.description) ? '' : draft.description
  return bodyOf({ ...draft, name, description })
}

export type Share = { position: number; draft: InstanceDraft; akuPerNode: number }
export type Room = { needed: number; problem?: string; warning?: string }

/** Does the subnet hold its share of the nodes, and is there room to grow. */
export function roomIn(subnet: SubnetUse, { position, draft, akuPerNode }: Share): Room {
  const nodes = draft.reservedAku === '' ? 0 : nodesForAku(draft.reservedAku, akuPerNode)
  const needed = Math.ceil((nodes - position) / draft.networks.length)
  if (subnet.free < needed) {
    const has = plural(subnet.free, 'free address', 'free addresses')
    return { needed, problem: `${subnet.id} has ${has}; this Instance needs ${needed} here.` }
  }
  if (subnet.free < comfortableFreeSlots) {
    return { needed, warning: `Under ${comfortableFreeSlots} free addresses: little room to grow later.` }
  }
  return { needed }
}
