import { app } from '@azure/functions';
import { syncConfig } from '../shared/config.ts';
import { addReadinessCheck } from '../shared/http/health.ts';
import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { configureRuntime } from './app.ts';
import { registerReplays } from './replay/resume-timer.ts';
import './projections/customer-orders.ts';
import './lag/get-lag.ts';
import './replay/get-replays.ts';
import './replay/start-replay.ts';
import './projections/order-details.ts';
import './lag/record-lag.ts';
import './dead-letters/redrive-dead-letters.ts';
import './projections/order-search.ts';
import './projections/sales-daily.ts';
import './projections/shipping-board.ts';

const config = syncConfig(process.env);
const telemetry = startTelemetry('orders-sync', config.telemetry);
const { database, close } = configureRuntime(config);
registerReplays(config.replay);

addReadinessCheck('cosmos-db', () => database.container(ORDER_DETAILS.name).read());

app.hook.appTerminate(async () => {
  await close();
  await (await telemetry)();
});
