import { getEnvironmentRoute } from './environment/get.ts'
import { listVersionSettingsRoute } from './environment/version-settings.ts'
import { listVersionsRoute } from './environment/versions.ts'
import { listEventsRoute } from './events/list.ts'
import { streamEventsRoute } from './events/stream.ts'
import { listConfigurationsRoute } from './instances/configurations.ts'
import { createInstanceRoute } from './instances/create.ts'
import { deleteInstanceRoute } from './instances/delete.ts'
import { getDriftRoute } from './instances/drift.ts'
import { listEndpointsRoute } from './instances/endpoints.ts'
import { listInstanceEventsRoute } from './instances/events.ts'
import { getInstanceRoute } from './instances/get.ts'
import { listInstancesRoute } from './instances/list.ts'
import { listNodesRoute } from './instances/nodes.ts'
import { restartInstanceRoute } from './instances/restart.ts'
import { listSettingsRoute } from './instances/settings.ts'
import { settleDriftRoutes } from './instances/settle-drift.ts'
import { updateInstanceRoute } from './instances/update.ts'
import { upgradeTargetsRoute } from './instances/upgrade-targets.ts'
import { whatIfRoute } from './instances/what-if.ts'
import { changePasswordRoute } from './members/change-password.ts'
import { endSessionRoutes, getSessionRoute } from './members/session.ts'
import { controlOperationRoutes } from './operations/control.ts'
import { finalizeOperationRoute } from './operations/finalize.ts'
import { getOperationRoute } from './operations/get.ts'
import { listOperationsRoute } from './operations/list.ts'
import type { AnyRoute } from './route.ts'

/** Every route that needs a caller. */
export const routes: readonly AnyRoute[] = [
  getSessionRoute,
  ...endSessionRoutes,
  changePasswordRoute,
  listInstancesRoute,
  createInstanceRoute,
  getInstanceRoute,
  updateInstanceRoute,
  restartInstanceRoute,
  getDriftRoute,
  ...settleDriftRoutes,
  upgradeTargetsRoute,
  whatIfRoute,
  deleteInstanceRoute,
  listEndpointsRoute,
  listConfigurationsRoute,
  listSettingsRoute,
  listNodesRoute,
  listInstanceEventsRoute,
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
