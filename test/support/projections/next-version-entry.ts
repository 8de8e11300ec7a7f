import { ORDER_DETAILS_MAPPING } from '../../../src/shared/read-models/order-details.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { startSync } from '../../../src/sync/start.ts';
import { NEXT_NAME_ENDING, NEXT_VERSION } from './next-version.ts';
import { projectionsOfVersion } from './projections-of-version.ts';

/** The entry point of the sync app in its next version, which a test bundles. */
const nextProjections = projectionsOfVersion(NEXT_VERSION, (event) => {
  const order = ORDER_DETAILS_MAPPING.orderOf(event);
  return { ...order, customerName: order.customerName + NEXT_NAME_ENDING };
});

startSync(process.env, nextProjections, systemRuntime);
