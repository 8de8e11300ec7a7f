import { createGatewayOnly } from '../shared/auth/gateway-only.ts';
import type { Environment } from '../shared/config/environment.ts';
import { syncConfig } from '../shared/config.ts';
import { startFigures } from '../shared/figures/write-figures.ts';
import { registerApp } from '../shared/functions/register-app.ts';
import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import type { Runtime } from '../shared/runtime.ts';
import { logLine } from '../shared/telemetry/log-line.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { createSyncApp } from './app.ts';
import { functions } from './functions.ts';
import { reasonOf } from './lag/reason-of.ts';
import type { ReadModelProjection } from './projections/projections.ts';
import { forgetIndexes } from './search/forget-indexes.ts';

/** Builds the sync app from its settings and registers its functions with the host. Throws ConfigError. */
export function startSync(env: Environment, projections: readonly ReadModelProjection[], runtime: Runtime): void {
  const config = syncConfig(env);
  const telemetry = startTelemetry('orders-sync', config.telemetry);
  const app = createSyncApp(config, projections, runtime);
  const stopFigures = startFigures({
    app: 'sync',
    instance: config.instance ?? runtime.newId(),
    database: async () => app.database,
    runtime,
  });
  registerApp({
    functions: functions(app),
    gatewayOnly: createGatewayOnly(config.gateway, runtime),
    authenticate: app.authenticate,
    readiness: new Map([['cosmos-db', () => app.database.container(ORDER_DETAILS.name).read()]]),
    runtime,
    start: () => {
      if (config.search !== undefined) return;
      forgetIndexes(app.database, runtime).catch((error: unknown) => {
        console.warn(logLine(`The search indexes could not be forgotten: ${reasonOf(error)}`, {}));
      });
    },
    close: async () => {
      stopFigures();
      await app.close();
      await (await telemetry)();
    },
  });
}
