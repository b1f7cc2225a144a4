import { z } from 'zod'
import { firstStanding } from '../domain/authority-standing.ts'
import type { Environment } from '../domain/environment.ts'
import { withoutSecrets } from '../domain/kafka-settings.ts'
import { instanceIdFrom, kafkaUuidFrom, nodeIdFrom } from '../domain/id.ts'
import type { Instance, InstanceFeatures, InstanceSpec } from '../domain/instance.ts'
import {
  instanceProblems,
  refuseProblems,
  refuseWithoutMemory,
  sizingFor,
  type Offer,
} from '../domain/instance-rules.ts'
import { withoutExporterSecrets } from '../domain/metrics-exporter.ts'
import type { Node } from '../domain/node.ts'
import { placementFor, type PlacedNode } from '../domain/placement.ts'
import { auditedSecurity, listenerPorts, securityProblems } from '../domain/security.ts'
import type { Birth } from '../engine/define-operation.ts'
import { cancelled } from '../engine/outcome.ts'
import { endpointOf } from '../kafka/endpoint-of.ts'
import type { Db } from '../store/database.ts'
import { getInstance, insertInstance } from '../store/instances.ts'
import { openDelivery } from '../store/metrics-deliveries.ts'
import { countNodesBySubnet, holdPlacement, insertNodes, listNodes, listTakenSlots } from '../store/nodes.ts'
import { dynamicSettingsOf } from './node-spec.ts'
import { ownSettingProblems } from './own-settings.ts'
import { releaseNodes } from './release-nodes.ts'
import { bringUpSteps } from './start-nodes.ts'
import { defineInstanceOperation, type Op } from './world.ts'

export type CreateInstanceInput = {
  name: string
  description?: string | undefined
  version: string
  spec: InstanceSpec
  features?: InstanceFeatures | undefined
  tags?: { name: string; value: string }[] | undefined
}

const bringUp = bringUpSteps({ mostRestarts: 5 })

/** Brings an Instance from nothing to Running. Safe to run again from any step; a cancel at any step ends as deleted, clean. */
export const createInstance = defineInstanceOperation({
  kind: 'create-instance',
  title: 'Create Instance',
  input: z.custom<CreateInstanceInput>(),
  permission: 'instance:create',
  audit: 'instance.create',
  action: null,
  during: 'Creating',
  after: 'Running',
  afterCancel: 'Deleted',
  onCancel: 'release',

  recorded: ({ features, ...input }) => ({
    ...input,
    ...(features && {
      features: {
        ...features,
        ...(features.security && { security: auditedSecurity(features.security) }),
        ...(features.instanceConfigs && { instanceConfigs: withoutSecrets(features.instanceConfigs) }),
        ...(features.metricsExporter && { metricsExporter: withoutExporterSecrets(features.metricsExporter) }),
      },
    }),
  }),

  async begin(tx, birth: Birth<CreateInstanceInput, Offer>) {
    await holdPlacement(tx, birth.environmentId)
    const placed = await planNodes(tx, { ...birth, offer: birth.context })
    const instance = newInstance(birth, placed.length)
    await insertInstance(tx, instance)
    if (instance.features.metricsExporter) await openDelivery(tx, instance.id)
    await insertNodes(
      tx,
      placed.map((node) => newNode(node, instance, birth)),
    )
    return instance.id
  },

  steps: {
    ...bringUp,
    verify: { ...bringUp.verify, run: setAndVerify },
    release: {
      title: 'Take everything away again',
      deadlineSeconds: 60,
      run: (op) => releaseNodes(op, cancelled),
    },
  },
})

/** Settings that Kafka keeps itself can be given as soon as there is a cluster to keep them. */
async function setAndVerify(op: Op) {
  const { version, features } = await getInstance(op.db, op.instanceId)
  const set = dynamicSettingsOf({ version, features })
  if (Object.keys(set).length > 0) {
    const nodes = await listNodes(op.db, op.instanceId)
    await op.world.clusters.alterSettings(nodes.map(endpointOf), { set, remove: [] })
  }
  return await bringUp.verify.run(op)
}

export type Wish = { environmentId: string; input: CreateInstanceInput; offer: Offer }

/** Checks the wish against the rules and the room there is, and places its nodes. Reads only: also what a dry run shows. */
export async function planNodes(db: Db, { environmentId, input, offer }: Wish): Promise<PlacedNode[]> {
  const { environment } = offer
  const { version, spec, features = {} } = input
  refuseProblems([
    ...instanceProblems(input, offer),
    ...securityProblems(features.security),
    ...ownSettingProblems({ version, spec, features }, environment),
  ])
  const sizing = sizingFor(spec, environment)
  const standing = await countNodesBySubnet(db, environmentId)
  refuseWithoutMemory(
    sizing,
    [...standing.values()].reduce((sum, count) => sum + count, 0),
    environment,
  )

  const { networks } = spec
  const subnets = subnetsOf(networks, environment)
  const taken = await listTakenSlots(db, environmentId, subnets)
  return placementFor({
    nodeCount: sizing.nodeCount,
    networks,
    subnets: environment.subnets,
    taken: new Set([...taken, ...environment.takenElsewhere]),
  })
}

const subnetsOf = (networks: InstanceSpec['networks'], environment: Environment): string[] =>
  environment.subnets.filter((subnet) => networks.some(({ zone }) => zone === subnet.zone)).map(({ id }) => id)

function newInstance(birth: Birth<CreateInstanceInput, Offer>, nodeCount: number): Instance {
  const { input, now, environmentId } = birth
  return {
    id: instanceIdFrom(birth.random(16)),
    environmentId,
    name: input.name,
    description: input.description ?? null,
    state: 'Creating',
    stateReason: null,
    stateSince: now,
    version: input.version,
    targetVersion: input.version,
    before: null,
    clusterId: kafkaUuidFrom(birth.random(16)),
    spec: input.spec,
    features: input.features ?? {},
    authority: firstStanding,
    tags: input.tags ?? [],
    nodeCount,
    health: 'unknown',
    healthReason: null,
    downSince: null,
    canaryProblem: null,
    statistics: null,
    observedAt: null,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  }
}

function newNode(placed: PlacedNode, instance: Instance, birth: Birth<CreateInstanceInput, Offer>): Node {
  return {
    ...placed,
    id: nodeIdFrom(birth.random(16)),
    instanceId: instance.id,
    environmentId: instance.environmentId,
    directoryId: kafkaUuidFrom(birth.random(16)),
    internalPort: listenerPorts(placed).internal,
    version: null,
    targetVersion: instance.targetVersion,
    intent: 'stay',
    health: 'planned',
    healthReason: null,
    usage: null,
    silentSince: null,
    drift: null,
    observedAt: null,
  }
}
