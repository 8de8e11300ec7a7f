import { app } from '@azure/functions';
import { queriesConfig } from '../shared/config.ts';
import { addReadinessCheck } from '../shared/http/health.ts';
import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { configureRuntime } from './runtime.ts';
import './get-customer-orders.ts';
import './get-customer-summary.ts';
import './get-daily-sales.ts';
import './get-dead-letters.ts';
import './get-docs.ts';
import './get-order.ts';
import './get-order-changes.ts';
import './get-shipments.ts';
import './search-orders.ts';

/** For the changes of an order, which are sent as they come. With it on, a failure past `endpoint` leaves a client waiting. */
app.setup({ enableHttpStream: true });

const config = queriesConfig(process.env);
const telemetry = startTelemetry('orders-queries', config.telemetry);
const { database, close } = configureRuntime(config);

addReadinessCheck('cosmos-db', () => database.container(ORDER_DETAILS.name).read());

app.hook.appTerminate(async () => {
  close();
  await (await telemetry)();
});
