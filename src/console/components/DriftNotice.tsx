import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Instance } from '../api-types.ts'
import { queries } from '../queries.ts'
import { Notice } from '../ui/Notice.tsx'
import { countWords, namesOf } from './drift-words.ts'
import classes from './DriftNotice.module.css'

type DriftNoticeProps = { instance: Instance; onReview: () => void }

/** Says on the Instance's page that something was changed past Millrace. Silent while nobody knows, and while there is none. */
export function DriftNotice({ instance, onReview }: DriftNoticeProps) {
  if (instance.state !== 'Running' && instance.state !== 'Error') return null
  return <Found instanceId={instance.instanceId} onReview={onReview} />
}

function Found({ instanceId, onReview }: { instanceId: string; onReview: () => void }) {
  const { data } = useQuery(queries.drift(instanceId))
  if (!data || data.list.length === 0) return null
  return (
    <section className={classes.notice} aria-label="Drift">
      <Notice tone="warn">
        <div className={classes.line}>
          <div className={classes.words}>
            <Text size="sm" fw={600}>
              {countWords(data.list.length)}
            </Text>
            <Text size="sm">Not changed through Millrace: {namesOf(data.list)}.</Text>
          </div>
          <Button size="xs" variant="default" onClick={onReview}>
            Review
          </Button>
        </div>
      </Notice>
    </section>
  )
}
