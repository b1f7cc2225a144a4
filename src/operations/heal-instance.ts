import { AppError } from '../domain/errors.ts'
import { nextGently, secondsBetweenGentle } from '../domain/preferred-leader.ts'
import { judgeHealth } from '../domain/rolling.ts'
import { cancelled, done, next, wait } from '../engine/outcome.ts'
import { endpointOf } from '../kafka/endpoint-of.ts'
import { countHealed } from '../store/healing.ts'
import { getInstance } from '../store/instances.ts'
import { listNodes } from '../store/nodes.ts'
import { electLeaders } from './elect-leaders.ts'
import { expectedOf } from './node-spec.ts'
import { endHung, HealInput, hungNow } from './restart-hung.ts'
import { holdStart } from './start-due.ts'
import { bringUpSteps, startStopped } from './start-nodes.ts'
import { defineInstanceOperation, type Op } from './world.ts'

const kind = 'heal-instance'
const bringUp = bringUpSteps()
const toStart = ['back-off', 'fetch-distribution'] as const
const toServe = ['ensure-nodes', 'await-nodes', 'verify', 'elect-leaders'] as const

/**
 * Brings back the nodes of an Instance that have stopped or hang: after a reboot, `npm run stop`, or a death of their own. The
 * Instance stays Running with its health shown, or in Error while it cannot serve; cancelling leaves things as they are.
 */
export const healInstance = defineInstanceOperation({
  kind,
  title: 'Bring nodes back',
  input: HealInput,
  permission: 'instance:update',
  audit: 'instance.heal',
  action: 'heal',
  during: null,
  after: 'Running',
  afterCancel: 'Running',
  givesWay: true,
  onCancel: 'stand-down',
  tend,
  // A node that hangs is ended first, and then started like the others.
  plannedSteps: ({ step }) => [...(step === 'restart-hung' ? ([step] as const) : toStart), ...toServe],

  async begin(_tx, { instance }) {
    if (!instance) throw new AppError('bug', 'Operation.NoInstance', 'Healing needs an Instance.')
    return instance.id
  },

  steps: {
    'back-off': {
      title: 'Look which nodes keep stopping',
      deadlineSeconds: 10,
      run: backOff,
    },
    ...bringUp,
    'await-nodes': {
      ...bringUp['await-nodes'],
      run: async (op) => ((await hungNow(op)).length > 0 ? next('restart-hung') : await bringUp['await-nodes'].run(op)),
    },
    verify: {
      ...bringUp.verify,
      run: async (op) => {
        const proof = await bringUp.verify.run(op)
        return proof.kind === 'done' ? next('elect-leaders') : proof
      },
    },
    'elect-leaders': {
      title: 'Give the nodes their partitions to lead again',
      deadlineSeconds: 120,
      run: bringLeadersHome,
    },
    'restart-hung': {
      title: 'End the node that hangs',
      deadlineSeconds: 60,
      run: async (op) => (await endHungHere(op)) ?? next('ensure-nodes'),
    },
    'stand-down': {
      title: 'Leave the nodes as they are',
      deadlineSeconds: 10,
      run: async () => cancelled,
    },
  },
})

/** One that has failed owns the Instance until somebody says what next: its nodes are looked after all the same. */
async function tend(op: Op): Promise<number | null> {
  if (op.operation.outcome !== 'failed') return null
  const ailing = (await startStopped(op)) ?? (await endHungHere(op))
  return ailing?.kind === 'wait' ? ailing.seconds : null
}

/** Others took over what the dead node led. Left to itself, Kafka would hand all of it back at one moment, within five minutes. */
async function bringLeadersHome(op: Op) {
  const nodes = await listNodes(op.db, op.instanceId)
  const endpoints = nodes.map(endpointOf)
  const observation = await op.world.clusters.observe(endpoints)
  if (!judgeHealth(observation, expectedOf(nodes)).healthy) return next('await-nodes')
  const leaders = await electLeaders(op, { endpoints, partitions: observation.partitions, pace: nextGently })
  return leaders === null ? done : wait(secondsBetweenGentle, `${leaders}.`)
}

const endHungHere = async (op: Op) =>
  endHung(op, await listNodes(op.db, op.instanceId), await op.world.provider.inspectNodes(op.instanceId))

/** So often in so long is bad luck; more is a node that does not stay. */
const luckWithinMs = 10 * 60_000
const luckTimes = 2
const longestPauseMs = 60_000

/** A node that comes back and stops again is started after a pause that grows. Not when the whole Instance waits for it. */
async function backOff(op: Op) {
  const now = op.now().getTime()
  const { health } = await getInstance(op.db, op.instanceId)
  const query = { healKind: kind, since: new Date(now - luckWithinMs) }
  const { times, lastEndedAt } = await countHealed(op.db, op.instanceId, query)
  const pauseMs = times < luckTimes || health === 'down' ? 0 : Math.min(longestPauseMs, 1000 * 2 ** times)
  const until = (lastEndedAt?.getTime() ?? 0) + pauseMs
  if (until <= now) return next('fetch-distribution')
  const stopped = (await op.world.provider.inspectNodes(op.instanceId)).filter(({ process }) => process === 'stopped')
  for (const { kafkaId, reason } of stopped) {
    const cause = `Node ${kafkaId} has stopped again: ${reason ?? ''}`.trim()
    const why = `${cause} It came back ${times} times in ten minutes; the next start waits a moment.`
    holdStart(op, kafkaId, { until, why })
  }
  return next('fetch-distribution')
}
