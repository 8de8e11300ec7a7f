import { app } from '@azure/functions';
import { queriesConfig } from '../shared/config.ts';
import { addReadinessCheck } from '../shared/http/health.ts';
import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { configureRuntime } from './app.ts';
import './customers/get-customer-orders.ts';
import './customers/get-customer-summary.ts';
import './sales/get-daily-sales.ts';
import './admin/get-dead-letters.ts';
import './docs/get-docs.ts';
import './orders/get-order.ts';
import './orders/get-order-changes.ts';
import './shipments/get-shipments.ts';
import './orders/search-orders.ts';

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
