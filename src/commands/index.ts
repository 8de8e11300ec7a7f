import { createGatewayOnly } from '../shared/auth/gateway-only.ts';
import { commandsConfig } from '../shared/config.ts';
import { registerApp } from '../shared/functions/register-app.ts';
import { systemRuntime } from '../shared/system-runtime.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { createCommandsApp } from './app.ts';
import { startCommandFigures } from './figures.ts';
import { commands, functions } from './functions.ts';

const config = commandsConfig(process.env);
const telemetry = startTelemetry('orders-commands', config.telemetry);
const app = createCommandsApp(config, commands, systemRuntime);
const figures = startCommandFigures(config, systemRuntime);

registerApp({
  functions: functions(app),
  gatewayOnly: createGatewayOnly(config.gateway, systemRuntime),
  authenticate: app.authenticate,
  readiness: new Map([
    ['sql', async () => (await app.services()).store.ping()],
    ['event-hubs', async () => (await app.services()).publisher.ping()],
  ]),
  runtime: systemRuntime,
  start: () => void app.services().catch((error) => console.error('The write store cannot be opened yet:', error)),
  close: async () => {
    figures.stop();
    await app.close();
    await (await telemetry)();
  },
});
