import { Text } from '@mantine/core'
import { Badge } from '../ui/Badge.tsx'
import type { Tone } from '../words.ts'
import classes from './listener-fates.module.css'
import type { ListenerFate } from './security-change-draft.ts'
import { listenerWords } from './security-draft.ts'

const fateWords: Record<ListenerFate['fate'], { label: string; tone: Tone; meaning: string }> = {
  stays: { label: 'Stays', tone: 'calm', meaning: 'Its clients go on, at the addresses that they know.' },
  comes: { label: 'New', tone: 'good', meaning: 'Clients find it when every node has restarted.' },
  goes: { label: 'Goes', tone: 'warn', meaning: 'Clients that still use it are cut off as each node restarts.' },
}

/** What becomes of each listener. Kafka's own names stand beside ours: clients and logs have those. */
export function ListenerFates({ fates }: { fates: ListenerFate[] }) {
  if (fates.length === 0) return null
  return (
    <section aria-label="Listeners">
      <Text size="sm" fw={600}>
        Listeners
      </Text>
      <ul className={classes.fates}>
        {fates.map(({ name, fate }) => (
          <li key={name} className={classes.fate}>
            <div>
              <div className={classes.who} data-fate={fate}>
                {listenerWords[name]} <span className="mono">{name}</span>
              </div>
              <div className={classes.meaning}>{fateWords[fate].meaning}</div>
            </div>
            <Badge tone={fateWords[fate].tone}>{fateWords[fate].label}</Badge>
          </li>
        ))}
      </ul>
    </section>
  )
}
