import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { readAuditSearch, readPageSearch } from './audit-search.ts'
import { Shell } from './components/Shell.tsx'
import { CrashPage } from './pages/CrashPage.tsx'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { readGroupSearch, readTopicSearch } from './holding-search.ts'
import { paths } from './paths.ts'
import { queries } from './queries.ts'
import { readInstanceSearch, readInstancesSearch, readOperationsSearch, readSignInSearch } from './search.ts'

/** The map of the console: which address shows which page. What a page shows of a list stands in its address. */
const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: paths.signIn,
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('./pages/SignInPage.tsx'), 'SignInPage'),
})

/** Everything else needs a session, with a password of one's own. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const toSignIn = () => redirect({ to: paths.signIn, search: { next: location.href } })
    const session = await context.queryClient.ensureQueryData(queries.session()).catch(() => {
      throw toSignIn()
    })
    if (session.member.mustChangePassword) throw toSignIn()
  },
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
})

const home = createRoute({
  getParentRoute: () => shell,
  path: paths.home,
  beforeLoad: () => {
    throw redirect({ to: paths.instances })
  },
})

const instances = createRoute({
  getParentRoute: () => shell,
  path: paths.instances,
  validateSearch: readInstancesSearch,
  component: lazyRouteComponent(() => import('./pages/instances/InstancesPage.tsx'), 'InstancesPage'),
})

const newInstance = createRoute({
  getParentRoute: () => shell,
  path: paths.newInstance,
  component: lazyRouteComponent(() => import('./pages/instances/NewInstancePage.tsx'), 'NewInstancePage'),
})

const instance = createRoute({
  getParentRoute: () => shell,
  path: paths.instance,
  validateSearch: readInstanceSearch,
  component: lazyRouteComponent(() => import('./pages/instances/InstancePage.tsx'), 'InstancePage'),
})

const topic = createRoute({
  getParentRoute: () => shell,
  path: paths.topic,
  validateSearch: readTopicSearch,
  component: lazyRouteComponent(() => import('./pages/instances/TopicPage.tsx'), 'TopicPage'),
})

const group = createRoute({
  getParentRoute: () => shell,
  path: paths.group,
  validateSearch: readGroupSearch,
  component: lazyRouteComponent(() => import('./pages/instances/GroupPage.tsx'), 'GroupPage'),
})

const operations = createRoute({
  getParentRoute: () => shell,
  path: paths.operations,
  validateSearch: readOperationsSearch,
  component: lazyRouteComponent(() => import('./pages/operations/OperationsPage.tsx'), 'OperationsPage'),
})

const operation = createRoute({
  getParentRoute: () => shell,
  path: paths.operation,
  component: lazyRouteComponent(() => import('./pages/operations/OperationPage.tsx'), 'OperationPage'),
})

const environment = createRoute({
  getParentRoute: () => shell,
  path: paths.environment,
  component: lazyRouteComponent(() => import('./pages/EnvironmentPage.tsx'), 'EnvironmentPage'),
})

const members = createRoute({
  getParentRoute: () => shell,
  path: paths.members,
  validateSearch: readPageSearch,
  component: lazyRouteComponent(() => import('./pages/members/MembersPage.tsx'), 'MembersPage'),
})

const serviceAccounts = createRoute({
  getParentRoute: () => shell,
  path: paths.serviceAccounts,
  validateSearch: readPageSearch,
  component: lazyRouteComponent(
    () => import('./pages/service-accounts/ServiceAccountsPage.tsx'),
    'ServiceAccountsPage',
  ),
})

const audit = createRoute({
  getParentRoute: () => shell,
  path: paths.audit,
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/AuditPage.tsx'), 'AuditPage'),
})

const anythingElse = createRoute({ getParentRoute: () => shell, path: '$', component: NotFoundPage })

const routeTree = root.addChildren([
  signIn,
  shell.addChildren([
    home,
    instances,
    newInstance,
    instance,
    topic,
    group,
    operations,
    operation,
    environment,
    members,
    serviceAccounts,
    audit,
    anythingElse,
  ]),
])

export function makeRouter(queryClient: QueryClient) {
  return createRouter({ routeTree, context: { queryClient }, defaultPreload: 'intent', scrollRestoration: true })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
