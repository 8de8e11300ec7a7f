import { HttpRequest, InvocationContext } from '@azure/functions';
import { openReadSide, type ReadSide } from '../../../bench/read-side.ts';
import local from '../../../local.settings.json' with { type: 'json' };
import { createQueriesApp } from '../../../src/queries/app.ts';
import { functions as queryFunctions } from '../../../src/queries/functions.ts';
import { queriesConfig, syncConfig } from '../../../src/shared/config.ts';
import type { EventEnvelope, OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { HttpFunction } from '../../../src/shared/functions/app-function.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { createSyncApp } from '../../../src/sync/app.ts';
import { functions as syncFunctions } from '../../../src/sync/functions.ts';
import { RECEIVED_AT } from '../commands/command-bus.ts';
import { customerRegistered, productAdded } from '../events/events.ts';
import { orderEvent } from '../events/order-lives.ts';

/** Orders of the shop, which is as many as a page of a list has by default. */
const ORDERS = 20;

/** An order that was placed now, and confirmed. */
function eventsOf(orderId: string): readonly EventEnvelope[] {
  const placed = orderEvent(orderId, 1, { placedAt: RECEIVED_AT });
  const confirmed: OrderEventEnvelope = {
    ...orderEvent(orderId, 2, { placedAt: RECEIVED_AT, status: 'confirmed', confirmedAt: RECEIVED_AT }),
    eventType: 'OrderConfirmed',
    schemaVersion: 1,
    data: { confirmedAt: RECEIVED_AT },
  };
  return [placed, confirmed];
}

function productWith(productId: string, stock: number): EventEnvelope {
  const added = productAdded({ aggregateId: productId });
  return { ...added, eventType: 'ProductAdded', data: { ...added.product, stock } };
}

/** One customer and her orders, the last of which nobody has confirmed, and two products, of which one is running low. */
const LOG: readonly EventEnvelope[] = [
  customerRegistered(),
  productWith('lamp', 1_000),
  productWith('chair', 5),
  ...Array.from({ length: ORDERS }, (_, index) => eventsOf(`order-${index + 1}`))
    .flat()
    .slice(0, -1),
];

/** What a path in the documentation means in this shop. */
const VALUES: Readonly<Record<string, string>> = {
  orderId: 'order-1',
  customerId: 'ada',
  productId: 'lamp',
  today: RECEIVED_AT.slice(0, 10),
};

export interface Measured {
  readonly status: number;
  readonly body: unknown;
  /** HTTP requests to Cosmos DB. */
  readonly requests: number;
  /** Estimated by the stand-in. */
  readonly requestUnits: number;
}

export interface MeasuredQueries {
  /** Sends a request such as `GET /orders/{orderId}?include=history` as an admin. */
  measure(request: string): Promise<Measured>;
  close(): Promise<void>;
}

/**
 * Opens the queries on the read models of a small shop, in this process.
 * @param partitions physical partitions of each container
 */
export async function openMeasuredQueries(partitions = 1): Promise<MeasuredQueries> {
  const readSide = await openReadSide({ partitions });
  for (const project of readSide.projections.values()) await project(LOG);
  const { measure, close } = openQueriesOn(readSide, VALUES);
  return {
    measure,
    close: async () => {
      await close();
      await readSide.close();
    },
  };
}

/**
 * Opens the queries on read models, in this process.
 * @param values values of the path parameters, by name
 */
export function openQueriesOn(
  { connectionString, requests }: Pick<ReadSide, 'connectionString' | 'requests'>,
  values: Readonly<Record<string, string>>,
): MeasuredQueries {
  const settings = { ...local.Values, CosmosConnection: connectionString };
  const runtime = { ...systemRuntime, now: () => Date.parse(RECEIVED_AT) };
  const as = {
    authenticate: async () => ({ userId: 'an-admin', roles: new Set(['admin'] as const), customerId: undefined }),
  };
  const queries = createQueriesApp(queriesConfig(settings), runtime);
  const sync = createSyncApp(syncConfig(settings), [], runtime);
  const gets = [...queryFunctions({ ...queries, ...as }), ...syncFunctions({ ...sync, ...as })].filter(
    (entry): entry is HttpFunction => entry.trigger === 'http' && entry.operation.method === 'GET',
  );
  return {
    measure: async (text) => {
      const { route, url } = requestOf(text, values);
      const found = gets.find(({ operation }) => operation.route === route);
      if (found === undefined) throw new Error(`There is no route GET ${route}.`);
      requests.reset();
      const response = await found.handler(new HttpRequest({ method: 'GET', url, params: { ...values } }), CONTEXT);
      const { status = 200 } = response ?? {};
      const body: unknown = response && 'jsonBody' in response ? response.jsonBody : undefined;
      return { status, body, requests: requests.count(), requestUnits: requests.requestCharge() };
    },
    close: async () => {
      queries.close();
      await sync.close();
    },
  };
}

const CONTEXT = new InvocationContext({ functionName: 'measured', logHandler: () => undefined });

/** The route and the URL of a request in the documentation. */
function requestOf(
  text: string,
  values: Readonly<Record<string, string>>,
): { readonly route: string; readonly url: string } {
  const [, path = '', query = ''] = /^GET \/([^?]*)(.*)$/.exec(text) ?? [];
  const fill = (template: string) => template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? name);
  return { route: path, url: `http://localhost/api/${fill(path)}${fill(query)}` };
}
