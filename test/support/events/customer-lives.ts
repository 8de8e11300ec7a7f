import fc from 'fast-check';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { PublishedOrder } from '../../../src/shared/events/order-events.ts';
import { ERASED, ERASED_ADDRESS, ERASED_SHIPMENT } from '../../../src/shared/personal-data/placeholders.ts';
import { customerChanged } from './events.ts';
import { orderEvent } from './order-lives.ts';

/** What happens next in a shop. */
type Step = { readonly customer: string } & (
  | { readonly order: string }
  | { readonly change: 'renamed' | 'erased' | 'credit' }
);

const SHIPMENT = { carrier: 'Parcels Inc', trackingNumber: 'Parcel 1', shippedAt: '2026-01-17T08:00:00.000Z' };

/** The state of an order by version. */
const LIFE: readonly Partial<PublishedOrder>[] = [
  {},
  { status: 'confirmed', confirmedAt: '2026-01-16T08:00:00.000Z' },
  { status: 'delivered', confirmedAt: '2026-01-16T08:00:00.000Z', tracking: SHIPMENT },
];

const CUSTOMERS = ['ada', 'grace'];

const step: fc.Arbitrary<Step> = fc.constantFrom(...CUSTOMERS).chain((customer) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ customer: fc.constant(customer), order: fc.constantFrom('1', '2') }) },
    {
      weight: 2,
      arbitrary: fc.record({
        customer: fc.constant(customer),
        change: fc.constantFrom('renamed', 'renamed', 'credit', 'erased'),
      }),
    },
  ),
);

/** Logs of orders by two customers whose names change and who may be erased, as the write side would record them. */
export const customerLives: fc.Arbitrary<readonly EventEnvelope[]> = fc
  .array(step, { minLength: 1, maxLength: 12 })
  .map((steps) => {
    const shop = new Shop();
    return steps.flatMap((next) => shop.take(next) ?? []);
  });

/** The name of a customer at a version. It occurs nowhere else. */
const nameIn = (customer: string, version: number): string => `Name of ${customer} ${version}`;

class Shop {
  readonly #customers = new Map(CUSTOMERS.map((id) => [id, { version: 1, named: 1, erased: false }]));
  readonly #orders = new Map<string, number>();

  /** The event of a step; undefined when the step is no longer possible. */
  take(next: Step): EventEnvelope | undefined {
    const { customer: aggregateId } = next;
    const customer = this.#customers.get(aggregateId);
    if (customer === undefined) throw new Error(`There is no ${aggregateId}.`);
    if ('order' in next) return this.#order(`${aggregateId}-${next.order}`, aggregateId);
    if (customer.erased) return undefined;
    customer.version++;
    if (next.change === 'credit') return undefined;
    if (next.change === 'renamed') customer.named = customer.version;
    else customer.erased = true;
    const head = { aggregateId, version: customer.version };
    return customerChanged(head, customer.erased ? undefined : nameIn(aggregateId, customer.named));
  }

  #order(orderId: string, customerId: string): EventEnvelope | undefined {
    const customer = this.#customers.get(customerId);
    const version = (this.#orders.get(orderId) ?? 0) + 1;
    const life = LIFE[version - 1];
    if (customer === undefined || life === undefined) return undefined;
    this.#orders.set(orderId, version);
    const customerName = customer.erased ? ERASED : nameIn(customerId, customer.named);
    const order = { ...life, customerId, customerName, customerVersion: customer.version };
    if (!customer.erased) return orderEvent(orderId, version, order);
    const tracking = order.tracking && { ...order.tracking, ...ERASED_SHIPMENT };
    return orderEvent(orderId, version, { ...order, shippingAddress: ERASED_ADDRESS, ...(tracking && { tracking }) });
  }
}
