import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Instance } from '../../api-types.ts'
import { reservedWords } from '../../capacity-words.ts'
import { StateBadge } from '../../components/StateBadge.tsx'
import { paths } from '../../paths.ts'
import { queries } from '../../queries.ts'
import { Heading, PageHead } from '../../ui/PageHead.tsx'
import { Facts, Panel } from '../../ui/Panel.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { Missing } from '../NotFoundPage.tsx'
import { InstanceOperationsTab } from './InstanceOperationsTab.tsx'
import classes from './InstancePage.module.css'

/** What is left of a deleted Instance: that it was there, and what was done to it. */
export function TombstonePage({ instanceId }: { instanceId: string }) {
  const { data: tombstone, isPending } = useQuery(queries.tombstone(instanceId))
  if (isPending) return <p role="status">Looking for what is left of {instanceId}…</p>
  if (!tombstone) return <Missing title="There is no such Instance">{`Nothing is known of ${instanceId}.`}</Missing>
  return <Tombstone instance={tombstone} />
}

function Tombstone({ instance }: { instance: Instance }) {
  return (
    <>
      <PageHead
        title={instance.name}
        heading={
          <Heading title={instance.name}>
            <StateBadge state={instance.state} />
          </Heading>
        }
        sub="This Instance is deleted: its nodes, addresses and data are gone. Its name is free."
        actions={
          <Button variant="default" renderRoot={(props) => <Link to={paths.instances} {...props} />}>
            To the Instances
          </Button>
        }
      />
      <div className={classes.grid}>
        <InstanceOperationsTab instanceId={instance.instanceId} />
        <Panel title="What it was">
          <Facts
            facts={[
              ['Id', <span className="mono">{instance.instanceId}</span>],
              ['Version', instance.version],
              ['Capacity', reservedWords(instance)],
              ['Zones', instance.spec.networks.map(({ zone }) => zone).join(', ')],
              ['Created', <TimeAgo at={instance.gmtCreate} />],
              ['Deleted', instance.deletedAt ? <TimeAgo at={instance.deletedAt} /> : 'not known'],
            ]}
          />
        </Panel>
      </div>
    </>
  )
}
