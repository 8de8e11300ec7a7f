import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { ERASED, ERASED_ADDRESS, ERASED_SHIPMENT } from '../../../src/shared/personal-data/placeholders.ts';
import { orderDetails } from '../../../src/sync/projections/order-details.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import type { Projection } from '../../../src/sync/projections/projection.ts';
import { shippingBoard } from '../../../src/sync/projections/shipping-board.ts';
import { customerLives } from '../../support/events/customer-lives.ts';
import {
  customerChanged,
  customerRegistered,
  erasureRequested,
  orderPlaced,
  productAdded,
} from '../../support/events/events.ts';
import { disorderOf, orderEvent } from '../../support/events/order-lives.ts';
import { historyOf, onlyPage } from '../../support/projections/order-pages.ts';
import { documentsOf, fold, onlyDocument, type ReadModel } from '../../support/projections/projections.ts';

/** The only document of an order with a copy of the customer's name: not an entry of its history. */
function orderDocument(model: ReadModel<unknown>): unknown {
  const named = documentsOf(model).filter((document) => Object.hasOwn(Object(document), 'customerName'));
  if (named.length > 1) throw new Error(`There are ${named.length} documents.`);
  return named[0];
}

const READ_MODELS = [orderDetails, orderSearch, shippingBoard] as const;

const confirmedAt = '2026-01-16T08:00:00.000Z';
const byAda = { customerName: 'Ada Byron', customerVersion: 1 };
const placed = orderEvent('order-1', 1, byAda);
const confirmed = orderEvent('order-1', 2, { ...byAda, status: 'confirmed', confirmedAt });
const tracking = { carrier: 'Parcels Inc', trackingNumber: 'Parcel 1', shippedAt: '2026-01-17T08:00:00.000Z' };
const shipped: OrderEventEnvelope = {
  ...orderEvent('order-1', 3, { ...byAda, status: 'shipped', confirmedAt, tracking }),
  eventType: 'OrderShipped',
  schemaVersion: 1,
  data: tracking,
};
const renamed = customerChanged({ aggregateId: 'ada', version: 2 }, 'Ada Lovelace');
const erased = customerChanged({ aggregateId: 'ada', version: 3 });

describe('a customer’s new name', () => {
  it.each(READ_MODELS.map((projection) => [projection.container.name, projection] as const))(
    'reaches their orders in %s, and late events do not restore the old name',
    (_name, projection) => {
      const model = fold<unknown>(projection, [confirmed, renamed]);
      expect(orderDocument(model)).toMatchObject({ customerName: 'Ada Lovelace', customerVersion: 2, version: 2 });
      const later = orderEvent('order-1', 3, { ...byAda, status: 'shipped', confirmedAt });
      const after = orderDocument(fold<unknown>(projection, [later, placed], model));
      expect(after).toMatchObject({ customerName: 'Ada Lovelace', customerVersion: 2, version: 3 });
    },
  );

  it.each(READ_MODELS.map((projection) => [projection.container.name, projection] as const))(
    'reaches an order in %s whose event with the old name arrives later',
    (_name, projection) => {
      expect(orderDocument(fold<unknown>(projection, [renamed, confirmed]))).toMatchObject({
        customerName: 'Ada Lovelace',
      });
    },
  );

  it('replaces the old name in the search words of an order', () => {
    const found = onlyDocument(fold(orderSearch, [placed, renamed]));
    expect(found?.words).toEqual(['ada', 'lovelace', 'order', '1', 'desk', 'lamp']);
  });

  it('does not replace a newer name from an order event', () => {
    const married = orderEvent('order-1', 1, { customerName: 'Ada King', customerVersion: 4 });
    expect(onlyDocument(fold(orderSearch, [married, renamed]))?.customerName).toBe('Ada King');
    expect(onlyDocument(fold(orderSearch, [renamed, married]))?.customerName).toBe('Ada King');
  });

  it('replaces the old name from an order event without a customer version', () => {
    expect(onlyDocument(fold(orderSearch, [orderPlaced(), renamed]))?.customerName).toBe('Ada Lovelace');
  });

  it.each(READ_MODELS)('writes nothing for a duplicate event in $container.name', (projection: Projection<unknown>) => {
    const model = fold<unknown>(projection, [renamed, confirmed]);
    const documents = new Map([...model.values()].flatMap((partition) => [...partition]));
    expect(projection.apply(documents, confirmed, 'order-1')).toBe(documents);
  });

  it.each(READ_MODELS)(
    'leaves the documents in $container.name unchanged by events of products',
    (projection: Projection<unknown>) => {
      const documents = new Map();
      expect(projection.targetsOf(productAdded())).toEqual([]);
      expect(projection.apply(documents, productAdded(), 'order-1')).toBe(documents);
    },
  );

  it('leaves a marker; an unchanged customer has none', () => {
    const model = fold(orderSearch, [renamed, customerRegistered({ aggregateId: 'grace' })]);
    expect([...model].map(([customerId, documents]) => [customerId, ...documents.keys()])).toEqual([
      ['ada', '!customer-ada'],
    ]);
  });
});

describe('the erasure of a customer', () => {
  const draft = orderEvent('order-2', 1, { ...byAda, status: 'draft', placedAt: null, shippingAddress: null });

  it('removes the name and addresses from the order page and its history', () => {
    const model = fold(orderDetails, [placed, confirmed, renamed, erased]);
    const expected = { customerName: ERASED, shippingAddress: ERASED_ADDRESS, customerId: 'ada' };
    expect(onlyPage(model)).toMatchObject(expected);
    expect(historyOf(model, 'order-1')[0]?.data).toMatchObject({ shippingAddress: ERASED_ADDRESS, total: 5998 });
    expect(onlyPage(fold(orderDetails, [draft, erased]))?.shippingAddress).toBeNull();
  });

  it('removes the address from the history even when its event arrives late', () => {
    expect(JSON.stringify(documentsOf(fold(orderDetails, [confirmed, erased, placed])))).not.toContain('Main St');
  });

  it('removes the carrier and the tracking number from the order page, its history and the shipping board', () => {
    const model = fold(orderDetails, [placed, confirmed, shipped, erased]);
    expect(onlyPage(model)?.tracking).toEqual({ ...tracking, ...ERASED_SHIPMENT });
    expect(historyOf(model, 'order-1').at(-1)?.data).toEqual({ ...tracking, ...ERASED_SHIPMENT });
    const entry = onlyDocument(fold(shippingBoard, [confirmed, shipped, erased]));
    expect(entry).toMatchObject({ ...ERASED_SHIPMENT, shippedAt: tracking.shippedAt });
    expect(onlyDocument(fold(shippingBoard, [confirmed, erased]))).not.toHaveProperty('carrier');
  });

  it('removes the name from the search words of an order', () => {
    expect(onlyDocument(fold(orderSearch, [placed, erased]))?.words).toEqual(['erased', 'order', '1', 'desk', 'lamp']);
  });

  it('removes the address and region from the shipping board', () => {
    expect(onlyDocument(fold(shippingBoard, [confirmed, erased]))).toMatchObject({
      customerName: ERASED,
      shippingAddress: ERASED_ADDRESS,
      region: ERASED,
    });
  });

  it('is final: later changes have no effect', () => {
    const late = customerChanged({ aggregateId: 'ada', version: 9 }, 'Ada Again');
    expect(onlyDocument(fold(orderSearch, [placed, erased, late, renamed]))?.customerName).toBe(ERASED);
  });
});

it.each(READ_MODELS)(
  'a request for an erasure changes nothing in $container.name',
  (projection: Projection<unknown>) => {
    const requested = erasureRequested({ aggregateId: 'ada', version: 2 });
    expect(fold<unknown>(projection, [placed, confirmed, requested])).toEqual(
      fold<unknown>(projection, [placed, confirmed]),
    );
  },
);

describe('order and customer events in any order of arrival', () => {
  const received = customerLives.chain((log) => fc.tuple(fc.constant(log), disorderOf(log)));

  it.each(READ_MODELS.map((projection) => [projection.container.name, projection] as const))(
    'produce the same %s as in their original order',
    (_name, projection) => {
      fc.assert(
        fc.property(received, ([log, events]) => {
          expect(fold<unknown>(projection, events)).toEqual(fold<unknown>(projection, log));
        }),
      );
    },
  );

  it.each(READ_MODELS.map((projection) => [projection.container.name, projection] as const))(
    'leave no personal data of erased customers in %s',
    (_name, projection) => {
      fc.assert(
        fc.property(received, ([log, events]) => {
          const erasedIds = new Set(
            log.filter(({ eventType }) => eventType === 'CustomerErased').map((e) => e.aggregateId),
          );
          for (const text of documentsOf(fold<unknown>(projection, events)).map((document) =>
            JSON.stringify(document),
          )) {
            const { customerId } = JSON.parse(text);
            if (erasedIds.has(customerId)) expect(text).not.toMatch(/Name of|Main St|Parcel/);
          }
        }),
      );
    },
  );
});
