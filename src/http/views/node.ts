import { z } from '@hono/zod-openapi'
import { nodeHealths, type Node } from '../../domain/node.ts'
import type { PlacedNode } from '../../domain/placement.ts'
import { Time } from './shapes.ts'

/** Nodes as the wire shows them: those that stand, and those that a plan would make. */
const Role = z.enum(['broker', 'controller'])

export const PlannedNodeShape = z
  .object({
    kafkaId: z.number().int(),
    roles: z.array(Role),
    zone: z.string(),
    subnet: z.string(),
    address: z.string(),
    port: z.number().int(),
  })
  .openapi('PlannedNode')

export const NodeShape = z
  .object({
    nodeId: z.string(),
    kafkaId: z.number().int(),
    roles: z.array(Role),
    zone: z.string(),
    subnet: z.string(),
    address: z.string(),
    port: z.number().int(),
    version: z.string().nullable(),
    targetVersion: z.string(),
    health: z.enum(nodeHealths),
    healthReason: z.string().nullable(),
    drift: z.string().nullable().openapi({
      description: 'In what the running process differs from what the node should be; null: in nothing',
    }),
    memoryBytes: z.number().nullable(),
    diskBytes: z.number().nullable(),
    startedAt: Time.nullable(),
    observedAt: Time.nullable(),
  })
  .openapi('Node')

type Placed = Pick<PlacedNode, 'kafkaId' | 'roles' | 'zone' | 'subnet' | 'address' | 'port'>

export const plannedNodeView = ({ kafkaId, roles, zone, subnet, address, port }: Placed) => ({
  kafkaId,
  roles,
  zone,
  subnet,
  address,
  port,
})

export const nodeView = (node: Node): z.input<typeof NodeShape> => ({
  nodeId: node.id,
  ...plannedNodeView(node),
  version: node.version,
  targetVersion: node.targetVersion,
  health: node.health,
  healthReason: node.healthReason,
  drift: node.drift,
  memoryBytes: node.usage?.memoryBytes ?? null,
  diskBytes: node.usage?.diskBytes ?? null,
  startedAt: node.usage?.startedAt.toISOString() ?? null,
  observedAt: node.observedAt?.toISOString() ?? null,
})
