import { app } from '@azure/functions';
import { commandsConfig } from '../shared/config.ts';
import { addReadinessCheck } from '../shared/http/health.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { closeRuntime, configureRuntime, runtime } from './app.ts';
import { registerKeyRotation } from './customers/rotate-customer-keys.ts';
import { commands } from './functions.ts';
import { registerOutboxRelay } from './outbox/relay-timer.ts';
import './http/execute-command.ts';
import './orders/get-current-order.ts';

const config = commandsConfig(process.env);
const telemetry = startTelemetry('orders-commands', config.telemetry);
configureRuntime(config, commands);
registerOutboxRelay(config.outbox);
registerKeyRotation(config.keyRotation);

addReadinessCheck('sql', async () => (await runtime()).store.ping());
addReadinessCheck('event-hubs', async () => (await runtime()).publisher.ping());

app.hook.appStart(() => void runtime().catch((error) => console.error('The write store cannot be opened yet:', error)));
app.hook.appTerminate(async () => {
  await closeRuntime();
  await (await telemetry)();
});
