import { createGatewayOnly } from '../shared/auth/gateway-only.ts';
import { queriesConfig } from '../shared/config.ts';
import { startFigures } from '../shared/figures/write-figures.ts';
import { registerApp } from '../shared/functions/register-app.ts';
import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import { systemRuntime } from '../shared/system-runtime.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { createQueriesApp } from './app.ts';
import { functions } from './functions.ts';

const config = queriesConfig(process.env);
const telemetry = startTelemetry('orders-queries', config.telemetry);
const app = createQueriesApp(config, systemRuntime);
const stopFigures = startFigures({
  app: 'queries',
  instance: config.instance ?? systemRuntime.newId(),
  database: async () => app.database,
  runtime: systemRuntime,
});

registerApp({
  functions: functions(app),
  gatewayOnly: createGatewayOnly(config.gateway, systemRuntime),
  authenticate: app.authenticate,
  readiness: new Map([['cosmos-db', () => app.database.container(ORDER_DETAILS.name).read()]]),
  runtime: systemRuntime,
  close: async () => {
    stopFigures();
    await app.close();
    await (await telemetry)();
  },
});
