import type { CommandBus } from '../src/commands/pipeline/command-bus.ts';
import type { HandleDependencies } from '../src/commands/pipeline/handle-command.ts';
import type { OutboxEvent } from '../src/commands/write-store/outbox.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../test/support/commands/command-bus.ts';
import { testMasterKey } from '../test/support/events/personal-data.ts';

const ADDRESS = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101', country: 'US' };
const PRODUCTS = 500;

/** A command side with customers and products, ready for orders with any number of lines. */
export interface Shop {
  /** Registers a customer and returns the event, and the command that places an order for that customer. */
  newOrder(lines: number): Promise<SentCommand & { readonly on: string; readonly registered: OutboxEvent }>;
  /** Executes a command and resolves to its event as stored and sent. */
  send(command: SentCommand): Promise<OutboxEvent>;
}

/** Opens a shop on a write store and adds its products. IDs of customers and orders start with `name`. */
export async function openShop(
  store: HandleDependencies['store'],
  name: string,
  masterKey: HandleDependencies['masterKey'] = testMasterKey,
): Promise<Shop> {
  const published = new Map<string, OutboxEvent>();
  const publish = (events: readonly OutboxEvent[]) => {
    for (const event of events) published.set(`${event.aggregateId} ${event.version}`, event);
  };
  const bus: CommandBus = openCommandBus(store, publish, masterKey);
  const send = async (command: SentCommand): Promise<OutboxEvent> => {
    const { result } = await bus.dispatch(envelopeOf(command));
    const key = `${result.aggregateId} ${result.version}`;
    const event = published.get(key);
    published.delete(key);
    if (event === undefined) throw new Error(`${command.type} published no event.`);
    return event;
  };
  const productIds = Array.from({ length: PRODUCTS }, (_, index) => `product-${index + 1}`);
  await Promise.all(
    productIds.map((productId, index) =>
      send({ type: 'AddProduct', data: { productId, name: `Desk lamp ${index + 1}`, price: 29.99, stock: 1_000_000 } }),
    ),
  );
  let orders = 0;
  return {
    send,
    newOrder: async (lines) => {
      const number = ++orders;
      const customerId = `${name}-customer-${number}`;
      const customer = { customerId, name: 'Ada Lovelace', email: 'ada@example.com', creditLimit: 1_000_000 };
      const registered = await send({ type: 'RegisterCustomer', data: customer });
      const items = productIds.slice(0, lines).map((productId) => ({ productId, quantity: 1 }));
      return {
        registered,
        type: 'PlaceOrder',
        on: `${name}-order-${number}`,
        data: { customerId, items, shippingAddress: ADDRESS },
      };
    },
  };
}
