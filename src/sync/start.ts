import { createGatewayOnly } from '../shared/auth/gateway-only.ts';
import type { Environment } from '../shared/config/environment.ts';
import { syncConfig } from '../shared/config.ts';
import { registerApp } from '../shared/functions/register-app.ts';
import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import type { Runtime } from '../shared/runtime.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { createSyncApp } from './app.ts';
import { functions } from './functions.ts';
import type { ReadModelProjection } from './projections/projections.ts';

/** Builds the sync app from its settings and registers its functions with the host. Throws ConfigError. */
export function startSync(env: Environment, projections: readonly ReadModelProjection[], runtime: Runtime): void {
  const config = syncConfig(env);
  const telemetry = startTelemetry('orders-sync', config.telemetry);
  const app = createSyncApp(config, projections, runtime);
  registerApp({
    functions: functions(app),
    gatewayOnly: createGatewayOnly(config.gateway, runtime),
    authenticate: app.authenticate,
    readiness: new Map([['cosmos-db', () => app.database.container(ORDER_DETAILS.name).read()]]),
    runtime,
    close: async () => {
      await app.close();
      await (await telemetry)();
    },
  });
}
