import { app } from '@azure/functions';
import { syncConfig } from '../shared/config.ts';
import { addReadinessCheck } from '../shared/http/health.ts';
import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { registerReplays } from './carry-on-replays.ts';
import { configureRuntime } from './runtime.ts';
import './customer-orders.ts';
import './get-lag.ts';
import './get-replays.ts';
import './start-replay.ts';
import './order-details.ts';
import './record-lag.ts';
import './redrive-dead-letters.ts';
import './order-search.ts';
import './sales-daily.ts';
import './shipping-board.ts';

const config = syncConfig(process.env);
const telemetry = startTelemetry('orders-sync', config.telemetry);
const { database, close } = configureRuntime(config);
registerReplays(config.replay);

addReadinessCheck('cosmos-db', () => database.container(ORDER_DETAILS.name).read());

app.hook.appTerminate(async () => {
  await close();
  await (await telemetry)();
});
