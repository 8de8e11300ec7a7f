import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandHandler, type EventStore } from '@event-driven-io/emmett';
import { Created, getApplication, NotFound, OK, on } from '@event-driven-io/emmett-expressjs';
import type { PlaceOrder } from '../order.ts';
import type { Counts } from '../peer.ts';
import { reportReady } from '../peer-process.ts';
import { evolve, initialState, type OrderPlaced, placeOrder } from './order.ts';

/** What differs between Emmett's event stores. */
export interface StoreParts {
  readonly eventStore: EventStore;
  /** Runs a command, either immediately or after the previous one. */
  readonly schedule: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Reads the document of an order; null if there is none. */
  readonly find: (orderId: string) => Promise<object | null>;
  readonly count: () => Promise<Counts>;
  readonly close: () => Promise<void>;
}

/** Serves the orders with Emmett's Express application, as its documentation shows it. */
export async function serve({ eventStore, schedule, find, count, close }: StoreParts): Promise<void> {
  const handle = CommandHandler<ReturnType<typeof initialState>, OrderPlaced>({ evolve, initialState });
  const app = getApplication({
    apis: [
      (router) => {
        router.post(
          '/api/orders',
          on(async (request) => {
            const command: PlaceOrder = request.body;
            await schedule(() => handle(eventStore, `order-${command.orderId}`, (order) => placeOrder(command, order)));
            return Created({ createdId: command.orderId });
          }),
        );
        router.get(
          '/api/orders/:orderId',
          on(async (request) => {
            const body = await find(String(request.params.orderId));
            return body === null ? NotFound() : OK({ body });
          }),
        );
        router.get(
          '/count',
          on(async () => OK({ body: await count() })),
        );
      },
    ],
  });
  const server = createServer(app).listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    reportReady(`http://127.0.0.1:${port}`, close);
  });
}
