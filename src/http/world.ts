import type { Logger } from 'pino'
import type { Registry } from '../engine/registry.ts'
import type { World } from '../operations/world.ts'
import type { ListenRequest, ServiceContext } from '../services/context.ts'
import type { EventFeed } from '../services/events/event-feed.ts'

/** What the HTTP side is handed by `main.ts`. */
export type HttpWorld = ServiceContext & {
  connection: ListenRequest['connection']
  providerKind: string
  registry: Registry<World>
  log: Logger
  /** Millrace's own. */
  version: string
  /** The built console. */
  consoleDirectory: string
  /** False from the moment that this process begins to stop. */
  isWorking(): boolean
}

/** What routes are handed: the same, and what `app.ts` has built on it. */
export type ServedWorld = HttpWorld & { feed: EventFeed }
