import { aclRoutes } from './acls/acls.ts'
import { exportAuditRoutes } from './audit/export.ts'
import { listAuditRoute } from './audit/list.ts'
import { getEnvironmentRoute } from './environment/get.ts'
import { listVersionSettingsRoute } from './environment/version-settings.ts'
import { listVersionsRoute } from './environment/versions.ts'
import { listEventsRoute } from './events/list.ts'
import { streamEventsRoute } from './events/stream.ts'
import { groupRoutes } from './groups/groups.ts'
import { listConfigurationsRoute } from './instances/configurations.ts'
import { createInstanceRoute } from './instances/create.ts'
import { deleteInstanceRoute } from './instances/delete.ts'
import { getDriftRoute } from './instances/drift.ts'
import { listCertificatesRoute } from './instances/certificates.ts'
import { getAuthorityRoute, listEndpointsRoute } from './instances/endpoints.ts'
import { listInstanceEventsRoute } from './instances/events.ts'
import { exchangeAuthorityRoute } from './instances/exchange-authority.ts'
import { getInstanceRoute } from './instances/get.ts'
import { listInstancesRoute } from './instances/list.ts'
import { getMetricsExporterRoute } from './instances/metrics-exporter.ts'
import { listNodesRoute } from './instances/nodes.ts'
import { restartInstanceRoute } from './instances/restart.ts'
import { listSettingsRoute } from './instances/settings.ts'
import { settleDriftRoutes } from './instances/settle-drift.ts'
import { getStatisticsHistoryRoute } from './instances/statistics-history.ts'
import { updateInstanceRoute } from './instances/update.ts'
import { upgradeTargetsRoute } from './instances/upgrade-targets.ts'
import { whatIfRoute } from './instances/what-if.ts'
import { changePasswordRoute } from './members/change-password.ts'
import { inviteMemberRoute } from './members/invite.ts'
import { listMembersRoute } from './members/list.ts'
import { memberRoutes } from './members/one.ts'
import { endSessionRoutes, getSessionRoute } from './members/session.ts'
import { controlOperationRoutes } from './operations/control.ts'
import { finalizeOperationRoute } from './operations/finalize.ts'
import { getOperationRoute } from './operations/get.ts'
import { listOperationsRoute } from './operations/list.ts'
import type { AnyRoute } from './route.ts'
import { createServiceAccountRoute } from './service-accounts/create.ts'
import { listServiceAccountsRoute } from './service-accounts/list.ts'
import { serviceAccountRoutes } from './service-accounts/one.ts'
import { createTopicRoute } from './topics/create.ts'
import { listTopicsRoute } from './topics/list.ts'
import { topicRoutes } from './topics/one.ts'
import { userRoutes } from './users/users.ts'

/** Every route that needs a caller. */
export const routes: readonly AnyRoute[] = [
  getSessionRoute,
  ...endSessionRoutes,
  changePasswordRoute,
  listMembersRoute,
  inviteMemberRoute,
  ...memberRoutes,
  listServiceAccountsRoute,
  createServiceAccountRoute,
  ...serviceAccountRoutes,
  listAuditRoute,
  ...exportAuditRoutes,
  listInstancesRoute,
  createInstanceRoute,
  getInstanceRoute,
  updateInstanceRoute,
  restartInstanceRoute,
  exchangeAuthorityRoute,
  getDriftRoute,
  ...settleDriftRoutes,
  upgradeTargetsRoute,
  whatIfRoute,
  deleteInstanceRoute,
  listEndpointsRoute,
  listCertificatesRoute,
  getAuthorityRoute,
  listConfigurationsRoute,
  listSettingsRoute,
  listNodesRoute,
  listInstanceEventsRoute,
  getMetricsExporterRoute,
  getStatisticsHistoryRoute,
  listTopicsRoute,
  createTopicRoute,
  ...topicRoutes,
  ...userRoutes,
  ...aclRoutes,
  ...groupRoutes,
  ...controlOperationRoutes,
  finalizeOperationRoute,
  listOperationsRoute,
  getOperationRoute,
  listEventsRoute,
  streamEventsRoute,
  getEnvironmentRoute,
  listVersionsRoute,
  listVersionSettingsRoute,
]
