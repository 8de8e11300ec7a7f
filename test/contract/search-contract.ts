import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/shared/auth/authenticate.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import type { PublishedOrder } from '../../src/shared/events/order-events.ts';
import { customerChanged, customerRegistered, orderPlaced, productAdded } from '../support/events/events.ts';
import { openSearchFixture, type SearchFixture } from '../support/search/search-fixture.ts';

const time = (minute: number) => new Date(Date.UTC(2026, 0, 15, 10, minute)).toISOString();

/** The event of an order that was placed in a minute after ten o'clock. */
function placed(orderId: string, minute: number, order: Partial<PublishedOrder> = {}, version = 1): EventEnvelope {
  const event = orderPlaced({ aggregateId: orderId, version, timestamp: time(minute) });
  return { ...event, order: { ...event.order, placedAt: time(minute), ...order } };
}

const line = (productName: string) => [{ line: 1, productId: 'p', quantity: 1, price: 100, productName }];

function product(productId: string, name: string, minute = 0): EventEnvelope {
  const event = productAdded({ aggregateId: productId, timestamp: time(minute) });
  return { ...event, product: { productId, name, price: 2999, currency: 'USD' } };
}

function customer(customerId: string, details: { readonly name: string; readonly email?: string }): EventEnvelope {
  const event = customerRegistered({ aggregateId: customerId });
  return { ...event, customer: { ...event.customer, ...details } };
}

/** The same questions and answers, wherever the lists are searched. */
export function searchContract(service: 'cosmos-db' | 'ai-search'): void {
  let fixture: SearchFixture;
  beforeAll(async () => {
    fixture = await openSearchFixture(service);
    await fixture.maintain();
  });
  afterAll(() => fixture.close());

  const items = async (pathAndQuery: string, role?: Role) => {
    const { status, body } = await fixture.get(pathAndQuery, role);
    expect([status, body]).toEqual([200, body]);
    return body.items;
  };
  const orderIds = async (query: string, role?: Role): Promise<readonly string[]> =>
    (await items(`/orders?${query}`, role)).map(({ orderId }: { readonly orderId: string }) => orderId);
  const q = (text: string) => `q=${encodeURIComponent(text)}`;

  describe('a search for orders', () => {
    beforeAll(() =>
      fixture.project([
        placed('words-1', 1, { customerId: 'zoe', customerName: 'Zoë Müller', items: line('Crème BRÛLÉE-Set') }),
        placed('words-2', 2, { customerId: 'zoe', customerName: 'Zoë Müller', items: line('Straßenlampe Groß') }),
        placed('words-3', 3, { customerId: 'li', customerName: '李小龍', items: line('iPhone手机壳') }),
        placed('words-4', 4, { customerId: 'and', customerName: 'And Or Not', items: line('ไทย ผ้าฝ้าย 9') }),
      ]),
    );

    it.each([
      ['one word', 'words', ['words-4', 'words-3', 'words-2', 'words-1']],
      ['the start of a word', 'brul', ['words-1']],
      ['words in any order', 'set creme', ['words-1']],
      ['words of the name and the product', 'muller gross', ['words-2']],
      ['other case and accents', 'CREME brûlée ZOË', ['words-1']],
      ['letters that fold to two', 'STRASSEN', ['words-2']],
      ['an order id', 'words-3', ['words-3']],
      ['a part of a text without spaces', '小龍', ['words-3']],
      ['a mix of scripts', 'iphone 壳', ['words-3']],
      ['Thai', 'ฝ้าย', ['words-4']],
      ['words that are operators of a query language', 'and or not', ['words-4']],
      ['an operator among other words', 'words AND 4', ['words-4']],
      ['characters with a meaning in a query language', 'words* ~2 (4)', []],
      ['the end of a word', 'rulee', []],
      ['one word that is there and one that is not', 'creme lamp', []],
      ['no letter or digit', '…!?', []],
      ['quotes', `"words" 'creme'`, ['words-1']],
    ])('finds %s', async (_what, text, found) => {
      expect(await orderIds(q(text))).toEqual(found);
    });

    it('shows analysts no customer, and finds none for them', async () => {
      expect(await orderIds(q('muller'), 'analyst')).toEqual([]);
      expect(await orderIds(q('muller creme'), 'analyst')).toEqual([]);
      const [found] = await items(`/orders?${q('creme')}`, 'analyst');
      expect(found).toMatchObject({ orderId: 'words-1', status: 'submitted', total: 59.98, itemCount: 1 });
      expect(found).not.toHaveProperty('customerId');
      expect(found).not.toHaveProperty('customerName');
    });

    it('shows admins all that the contract has', async () => {
      expect(await items(`/orders?${q('creme')}`)).toEqual([
        {
          orderId: 'words-1',
          customerId: 'zoe',
          customerName: 'Zoë Müller',
          status: 'submitted',
          currency: 'USD',
          total: 59.98,
          itemCount: 1,
          placedAt: time(1),
          version: 1,
          lastUpdated: time(1),
        },
      ]);
    });
  });

  describe('the filters of orders', () => {
    beforeAll(() =>
      fixture.project([
        placed('filter-1', 10),
        placed('filter-2', 11),
        placed('filter-3', 12),
        placed('filter-2', 11, { status: 'confirmed' }, 2),
      ]),
    );

    it.each([
      ['status=confirmed', ['filter-2']],
      ['status=submitted', ['filter-3', 'filter-1']],
      [`from=${time(11)}`, ['filter-3', 'filter-2']],
      [`to=${time(11)}`, ['filter-2', 'filter-1']],
      [`from=${time(11)}&to=${time(11)}`, ['filter-2']],
      ['from=2026-01-15&to=2026-01-15', ['filter-3', 'filter-2', 'filter-1']],
      ['from=2026-01-16', []],
      [`from=${time(11)}&status=submitted`, ['filter-3']],
    ])('%s finds %j', async (filter, found) => {
      expect(await orderIds(`${q('filter')}&${filter}`)).toEqual(found);
    });
  });

  describe('the pages of a list', () => {
    const pages = async (query: string, between: (page: number) => Promise<void> = async () => undefined) => {
      const found: string[] = [];
      let token = '';
      for (let page = 1; ; page++) {
        const { status, body } = await fixture.get(`/orders?${query}&limit=2${token}`);
        expect([status, body]).toEqual([200, body]);
        found.push(...body.items.map(({ orderId }: { readonly orderId: string }) => orderId));
        if (body.continuationToken === undefined) return found;
        expect(body.items).toHaveLength(2);
        token = `&continuationToken=${body.continuationToken}`;
        await between(page);
      }
    };

    it('begin with the newest order and have each once', async () => {
      await fixture.project([1, 2, 3, 4, 5].map((number) => placed(`paged-${number}`, number)));
      expect(await pages(q('paged'))).toEqual(['paged-5', 'paged-4', 'paged-3', 'paged-2', 'paged-1']);
    });

    it('neither repeat nor skip an order while others come in, also with the same time', async () => {
      await fixture.project([1, 2, 3, 4].map((number) => placed(`busy-${number}`, 20)));
      const found = await pages(q('busy'), async (page) => {
        await fixture.project([
          placed(`busy-new-${page}`, 21),
          placed(`busy-9${page}`, 20),
          placed('busy-2', 20, { status: 'confirmed' }, page + 1),
        ]);
      });
      expect(found).toEqual(['busy-4', 'busy-3', 'busy-2', 'busy-1']);
    });

    it('go on among many orders of the same time', async () => {
      const ids = Array.from({ length: 9 }, (_, number) => `tied-${number}`);
      await fixture.project(ids.map((id) => placed(id, 30)));
      expect(await pages(q('tied'))).toEqual(ids.toReversed());
    });

    it('refuse the token of another search', async () => {
      const { body } = await fixture.get(`/orders?${q('paged')}&limit=2`);
      const other = await fixture.get(`/orders?${q('busy')}&limit=2&continuationToken=${body.continuationToken}`);
      expect([other.status, other.body.errors]).toMatchObject([400, [{ path: 'continuationToken' }]]);
    });
  });

  describe('events in any order', () => {
    it('leave the newest state of an order', async () => {
      const versions = [3, 1, 2, 3].map((version) => placed('late-1', 40, { total: version * 100 }, version));
      for (const event of versions) await fixture.project([event]);
      expect(await items(`/orders?${q('late')}`)).toMatchObject([{ version: 3, total: 3 }]);
    });

    it('reach every order of a customer whose name changes', async () => {
      const of = { customerId: 'renamed', customerName: 'Ada Byron', customerVersion: 1 };
      await fixture.project([placed('renamed-1', 41, of), placed('renamed-2', 42, of)]);
      await fixture.project([customerChanged({ aggregateId: 'renamed', version: 2 }, 'Ada Lovelace')]);
      expect(await orderIds(q('renamed byron'))).toEqual([]);
      expect(await orderIds(q('renamed lovelace'))).toEqual(['renamed-2', 'renamed-1']);
      await fixture.project([placed('renamed-3', 43, of)]);
      expect(await orderIds(q('renamed lovelace'))).toEqual(['renamed-3', 'renamed-2', 'renamed-1']);
    });
  });

  describe('a search for products', () => {
    const productIds = async (query: string): Promise<readonly string[]> =>
      (await items(`/products?${query}`)).map(({ productId }: { readonly productId: string }) => productId);

    it('finds words of the id and the name, newest first', async () => {
      await fixture.project([product('p-chaise', 'Chaise longue', 1), product('p-lounge', 'Lounge chair', 2)]);
      expect(await productIds(q('LOUN'))).toEqual(['p-lounge']);
      expect(await productIds(q('p l'))).toEqual(['p-lounge', 'p-chaise']);
    });

    it('shows the stock that orders have left', async () => {
      await fixture.project([product('p-stocked', 'Stocked shelf')]);
      const items = [{ line: 1, productId: 'p-stocked', productName: 'Stocked shelf', quantity: 3, price: 2999 }];
      await fixture.project([placed('takes-stock', 44, { items })]);
      const found = (await fixture.get(`/products?${q('stocked')}`)).body.items;
      expect(found).toMatchObject([{ productId: 'p-stocked', price: 29.99, available: 7, version: 1 }]);
    });

    it('finds the new name only, and no product that is discontinued', async () => {
      const renamed = { ...product('p-renamed', 'Reading lamp'), eventType: 'ProductRenamed', version: 2 };
      const discontinued = { ...renamed, eventType: 'ProductDiscontinued', version: 3, data: { reason: 'old' } };
      await fixture.project([product('p-renamed', 'Bedside light')]);
      await fixture.project([{ ...renamed, data: { name: 'Reading lamp' } } as EventEnvelope]);
      expect(await productIds(q('bedside'))).toEqual([]);
      expect(await productIds(q('reading'))).toEqual(['p-renamed']);
      await fixture.project([discontinued as EventEnvelope]);
      expect(await productIds(q('reading'))).toEqual([]);
    });
  });

  describe('a search for customers', () => {
    const found = async (text: string) => items(`/customers?${q(text)}`);

    it('finds words of the id, the name and the contact details', async () => {
      await fixture.project([customer('c-ines', { name: 'Inés Núñez', email: 'ines@example.org' })]);
      for (const text of ['c-ines', 'NUNEZ', 'example.org ines']) {
        expect(await found(text)).toMatchObject([{ customerId: 'c-ines', name: 'Inés Núñez', creditLimit: 1000 }]);
      }
    });

    it('shows the credit that orders have left', async () => {
      await fixture.project([customer('c-spends', { name: 'Spends Much' })]);
      await fixture.project([placed('spent', 45, { customerId: 'c-spends', total: 10_000 })]);
      expect(await found('spends')).toMatchObject([{ creditLimit: 1000, creditAvailable: 900 }]);
    });

    it('finds nobody who is erased', async () => {
      const name = 'Xanthippe Quill';
      await fixture.project([customer('c-erased', { name, email: 'xanthippe@example.org' })]);
      await fixture.project([placed('of-erased', 46, { customerId: 'c-erased', customerName: name })]);
      expect(await found('xanthippe')).toHaveLength(1);
      await fixture.project([customerChanged({ aggregateId: 'c-erased', version: 2 })]);
      expect(await found('xanthippe')).toEqual([]);
      expect(await orderIds(q('xanthippe'))).toEqual([]);
      expect(await items(`/orders?${q('of-erased')}`)).toMatchObject([{ customerId: 'c-erased' }]);
      expect(JSON.stringify(await items('/orders?limit=100'))).not.toMatch(/Xanthippe|Quill/i);
    });
  });
}
