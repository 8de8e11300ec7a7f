import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERASED, ERASED_ADDRESS } from '../../../src/shared/personal-data/placeholders.ts';
import { orderDetails } from '../../../src/sync/projections/order-details.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import { shippingBoard } from '../../../src/sync/projections/shipping-board.ts';
import { customerLives } from '../../support/events/customer-lives.ts';
import { customerChanged, customerRegistered, orderPlaced } from '../../support/events/events.ts';
import { disorderOf, orderEvent } from '../../support/events/order-lives.ts';
import { documentsOf, fold, onlyDocument } from '../../support/projections/projections.ts';

const READ_MODELS = [orderDetails, orderSearch, shippingBoard] as const;

const confirmedAt = '2026-01-16T08:00:00.000Z';
const byAda = { customerName: 'Ada Byron', customerVersion: 1 };
const placed = orderEvent('order-1', 1, byAda);
const confirmed = orderEvent('order-1', 2, { ...byAda, status: 'confirmed', confirmedAt });
const renamed = customerChanged({ aggregateId: 'ada', version: 2 }, 'Ada Lovelace');
const erased = customerChanged({ aggregateId: 'ada', version: 3 });

describe('a customer’s new name', () => {
  it.each(READ_MODELS.map((projection) => [projection.container.name, projection] as const))(
    'reaches their orders in %s, and no late event brings the old one back',
    (_name, projection) => {
      const model = fold<unknown>(projection, [confirmed, renamed]);
      expect(onlyDocument(model)).toMatchObject({ customerName: 'Ada Lovelace', customerVersion: 2, version: 2 });
      const later = orderEvent('order-1', 3, { ...byAda, status: 'shipped', confirmedAt });
      const after = onlyDocument(fold<unknown>(projection, [later, placed], model));
      expect(after).toMatchObject({ customerName: 'Ada Lovelace', customerVersion: 2, version: 3 });
    },
  );

  it.each(READ_MODELS.map((projection) => [projection.container.name, projection] as const))(
    'is that of an order in %s, too, whose event with the old name comes later',
    (_name, projection) => {
      expect(onlyDocument(fold<unknown>(projection, [renamed, confirmed]))).toMatchObject({
        customerName: 'Ada Lovelace',
      });
    },
  );

  it('is what an order is found by; the old one is not', () => {
    const found = onlyDocument(fold(orderSearch, [placed, renamed]));
    expect(found?.words).toEqual(['ada', 'lovelace', 'order', '1', 'desk', 'lamp']);
  });

  it('given one that is older than the order’s event, then the order’s stays', () => {
    const married = orderEvent('order-1', 1, { customerName: 'Ada King', customerVersion: 4 });
    expect(onlyDocument(fold(orderSearch, [married, renamed]))?.customerName).toBe('Ada King');
    expect(onlyDocument(fold(orderSearch, [renamed, married]))?.customerName).toBe('Ada King');
  });

  it('is told from the old one also where an order’s event is so old that it names no version', () => {
    expect(onlyDocument(fold(orderSearch, [orderPlaced(), renamed]))?.customerName).toBe('Ada Lovelace');
  });

  it('leaves a marker; who has not changed has none', () => {
    const markerOf = (id: string) => fold(orderSearch, [renamed, customerRegistered({ aggregateId: 'grace' })]).get(id);
    expect(markerOf('!customer-ada')?.size).toBe(1);
    expect(markerOf('!customer-grace')).toBeUndefined();
  });
});

describe('the erasure of a customer', () => {
  const draft = orderEvent('order-2', 1, { ...byAda, status: 'draft', placedAt: null, shippingAddress: null });

  it('takes name and addresses from the order page, in its history, too', () => {
    const page = onlyDocument(fold(orderDetails, [placed, confirmed, renamed, erased]));
    expect(page).toMatchObject({ customerName: ERASED, shippingAddress: ERASED_ADDRESS, customerId: 'ada' });
    expect(page?.history[0]?.data).toMatchObject({ shippingAddress: ERASED_ADDRESS, total: 5998 });
    expect(onlyDocument(fold(orderDetails, [draft, erased]))?.shippingAddress).toBeNull();
  });

  it('takes the address from a history also where its event comes late', () => {
    expect(JSON.stringify(onlyDocument(fold(orderDetails, [confirmed, erased, placed])))).not.toContain('Main St');
  });

  it('takes the name from what an order is found by', () => {
    expect(onlyDocument(fold(orderSearch, [placed, erased]))?.words).toEqual(['erased', 'order', '1', 'desk', 'lamp']);
  });

  it('takes address and region from the shipping board', () => {
    expect(onlyDocument(fold(shippingBoard, [confirmed, erased]))).toMatchObject({
      customerName: ERASED,
      shippingAddress: ERASED_ADDRESS,
      region: ERASED,
    });
  });

  it('is final, whatever comes after it', () => {
    const late = customerChanged({ aggregateId: 'ada', version: 9 }, 'Ada Again');
    expect(onlyDocument(fold(orderSearch, [placed, erased, late, renamed]))?.customerName).toBe(ERASED);
  });
});

describe('for any disorder of orders and changes of their customers', () => {
  const received = customerLives.chain((log) => fc.tuple(fc.constant(log), disorderOf(log)));

  it.each(READ_MODELS.map((projection) => [projection.container.name, projection] as const))(
    '%s is as when all came in their order',
    (_name, projection) => {
      fc.assert(
        fc.property(received, ([log, events]) => {
          expect(fold<unknown>(projection, events)).toEqual(fold<unknown>(projection, log));
        }),
      );
    },
  );

  it.each(READ_MODELS.map((projection) => [projection.container.name, projection] as const))(
    '%s says nothing of who was erased',
    (_name, projection) => {
      fc.assert(
        fc.property(received, ([log, events]) => {
          const gone = new Set(log.filter(({ eventType }) => eventType === 'CustomerErased').map((e) => e.aggregateId));
          for (const text of documentsOf(fold<unknown>(projection, events)).map((document) =>
            JSON.stringify(document),
          )) {
            const { customerId } = JSON.parse(text);
            if (gone.has(customerId)) expect(text).not.toMatch(/Name of|Main St/);
          }
        }),
      );
    },
  );
});
