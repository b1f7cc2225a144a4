import type { ClusterResources, KafkaResources } from '../../kafka/resources.ts'
import { simulatedGroups } from './simulated-groups.ts'
import { simulatedAcls, simulatedUsers } from './simulated-access.ts'
import { whoAnswers, type ClusterGround } from './simulated-clusters.ts'
import type { SimulatedNode } from './simulated-node.ts'
import { isCordoned } from './simulated-state.ts'
import { simulatedTopics } from './simulated-topics.ts'
import type { Look } from './simulated-holdings.ts'

/** The topics, users, rules and groups of simulated clusters: they behave as Kafka does, and hold no records. */
export const makeSimulatedResources = (ground: ClusterGround): KafkaResources => ({
  async at(endpoints, seats) {
    const look: Look = async (work) => {
      const { instanceId, state, up } = await whoAnswers(ground, endpoints)
      const nodes = ground.population.of(instanceId)
      const open = nodes.map(({ spec }) => spec.kafkaId).filter((kafkaId) => !isCordoned(state, kafkaId))
      const brokers = seats?.map(({ kafkaId }) => kafkaId) ?? open
      const cleanupPolicy = state.settings.get(cleanupKey) ?? nodes[0]?.spec.configs[cleanupKey] ?? 'delete'
      return work({ holdings: state.holdings, brokers, up, isAuthorized: nodes.some(asksWhoComes), cleanupPolicy })
    }
    return {
      ...simulatedTopics(look),
      ...simulatedUsers(look),
      ...simulatedAcls(look),
      ...simulatedGroups(look),
    } satisfies ClusterResources
  },
})

const cleanupKey = 'log.cleanup.policy'

const asksWhoComes = ({ spec }: SimulatedNode): boolean => spec.security?.isAuthorized ?? false
