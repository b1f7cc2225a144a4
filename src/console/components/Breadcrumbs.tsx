import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useRouterState, useSearch } from '@tanstack/react-router'
import { paths, type InstanceTab } from '../paths.ts'
import { holdingQueries } from '../queries-holdings.ts'
import { queries } from '../queries.ts'
import classes from './Breadcrumbs.module.css'

/** Where one is: the place, and the Instance or Operation in it. */
export function Breadcrumbs() {
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const { instanceId, operationId, topicId } = useParams({ strict: false })
  const { groupId } = useSearch({ strict: false })
  const trail = placeOf(pathname)
  if (!trail) return null
  return (
    <nav aria-label="Breadcrumbs" className={classes.crumbs}>
      <ol>
        <li>
          {pathname === trail.to ? (
            <span aria-current="page">{trail.label}</span>
          ) : (
            <Link to={trail.to}>{trail.label}</Link>
          )}
        </li>
        {pathname === paths.newInstance && <Here>New</Here>}
        {instanceId && <InstanceCrumb id={instanceId} isParent={!!topicId || !!groupId} />}
        {instanceId && topicId && <HeldCrumb instanceId={instanceId} tab="topics" label="Topics" />}
        {instanceId && topicId && <TopicCrumb instanceId={instanceId} topicId={topicId} />}
        {instanceId && groupId && <HeldCrumb instanceId={instanceId} tab="groups" label="Consumer groups" />}
        {groupId && <Here>{groupId}</Here>}
        {operationId && <OperationCrumb id={operationId} />}
      </ol>
    </nav>
  )
}

function placeOf(pathname: string) {
  if (pathname.startsWith(paths.instances)) return { to: paths.instances, label: 'Instances' } as const
  if (pathname.startsWith(paths.operations)) return { to: paths.operations, label: 'Operations' } as const
  if (pathname.startsWith(paths.environment)) return { to: paths.environment, label: 'Environment' } as const
  if (pathname.startsWith(paths.members)) return { to: paths.members, label: 'Members' } as const
  if (pathname.startsWith(paths.serviceAccounts)) {
    return { to: paths.serviceAccounts, label: 'Service accounts' } as const
  }
  if (pathname.startsWith(paths.audit)) return { to: paths.audit, label: 'Audit' } as const
  return undefined
}

function Here({ children }: { children: string }) {
  return (
    <li>
      <span aria-current="page">{children}</span>
    </li>
  )
}

function InstanceCrumb({ id, isParent }: { id: string; isParent: boolean }) {
  const { data } = useQuery({ ...queries.instance(id), enabled: false })
  const name = data?.name ?? id
  if (!isParent) return <Here>{name}</Here>
  return (
    <li>
      <Link to={paths.instance} params={{ instanceId: id }}>
        {name}
      </Link>
    </li>
  )
}

/** The list of the Instance in which one stands. */
function HeldCrumb({ instanceId, tab, label }: { instanceId: string; tab: InstanceTab; label: string }) {
  return (
    <li>
      <Link to={paths.instance} params={{ instanceId }} search={{ tab }}>
        {label}
      </Link>
    </li>
  )
}

function TopicCrumb({ instanceId, topicId }: { instanceId: string; topicId: string }) {
  const { data } = useQuery({ ...holdingQueries.topic(instanceId, topicId), enabled: false })
  return <Here>{data?.name ?? topicId}</Here>
}

function OperationCrumb({ id }: { id: string }) {
  const { data } = useQuery({ ...queries.operation(id), enabled: false })
  return <Here>{data ? `${data.title}: ${data.instanceName}` : id}</Here>
}
