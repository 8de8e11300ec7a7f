import { app } from '@azure/functions';
import { commandsConfig } from '../shared/config.ts';
import { addReadinessCheck } from '../shared/http/health.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { commands } from './registry.ts';
import { registerOutboxRelay } from './relay-outbox.ts';
import { registerKeyRotation } from './rotate-customer-keys.ts';
import { closeRuntime, configureRuntime, runtime } from './runtime.ts';
import './execute-command.ts';
import './get-current-order.ts';

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
