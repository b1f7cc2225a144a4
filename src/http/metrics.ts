import type { Context, Next } from 'hono'
import { routePath } from 'hono/route'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { readCounts } from '../services/monitoring/read-counts.ts'
import type { ApiVariables } from './route.ts'
import type { HttpWorld } from './world.ts'

/** What Prometheus reads at `/metrics`. Names follow its conventions; routes are labelled as patterns, never with ids. */
export type Metrics = {
  observe(c: Context<ApiVariables>, next: Next): Promise<void>
  text(): Promise<string>
  contentType: string
}

export function makeMetrics(world: HttpWorld): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'millrace_http_request_duration_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  })
  const instances = new Gauge({
    name: 'millrace_instances',
    help: 'Living Instances by state.',
    labelNames: ['state'],
    registers,
  })
  const operations = new Gauge({
    name: 'millrace_operations',
    help: 'Operations by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    registers,
  })
  const waiting = new Gauge({
    name: 'millrace_operation_longest_due_seconds',
    help: 'How long the longest due Operation has waited for a worker.',
    registers,
  })

  return {
    contentType: registry.contentType,
    async observe(c, next) {
      const stop = durations.startTimer({ method: c.req.method })
      await next()
      stop({ route: c.get('route') ?? routePath(c), status: c.res.status })
    },
    async text() {
      const counts = await readCounts(world)
      instances.reset()
      operations.reset()
      for (const { state, count } of counts.instances) instances.set({ state }, count)
      for (const { kind, outcome, count } of counts.operations) operations.set({ kind, outcome }, count)
      waiting.set(counts.waitingSeconds)
      return await registry.metrics()
    },
  }
}
