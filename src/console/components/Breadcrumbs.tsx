import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useRouterState } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { queries } from '../queries.ts'
import classes from './Breadcrumbs.module.css'

/** Where one is: the place, and the Instance or Operation in it. */
export function Breadcrumbs() {
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const { instanceId, operationId } = useParams({ strict: false })
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
        {instanceId && <InstanceCrumb id={instanceId} />}
        {operationId && <OperationCrumb id={operationId} />}
      </ol>
    </nav>
  )
}

function placeOf(pathname: string) {
  if (pathname.startsWith(paths.instances)) return { to: paths.instances, label: 'Instances' } as const
  if (pathname.startsWith(paths.operations)) return { to: paths.operations, label: 'Operations' } as const
  if (pathname.startsWith(paths.environment)) return { to: paths.environment, label: 'Environment' } as const
  return undefined
}

function Here({ children }: { children: string }) {
  return (
    <li>
      <span aria-current="page">{children}</span>
    </li>
  )
}

function InstanceCrumb({ id }: { id: string }) {
  const { data } = useQuery({ ...queries.instance(id), enabled: false })
  return <Here>{data?.name ?? id}</Here>
}

function OperationCrumb({ id }: { id: string }) {
  const { data } = useQuery({ ...queries.operation(id), enabled: false })
  return <Here>{data ? `${data.title}: ${data.instanceName}` : id}</Here>
}
