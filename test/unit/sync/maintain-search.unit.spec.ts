import { InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { ORDERS_LIST, PRODUCTS_LIST, type SearchList } from '../../../src/shared/search/search-lists.ts';
import { maintainSearchTimers } from '../../../src/sync/search/maintain-timer.ts';
import { SearchFault } from '../../../src/sync/search/search-fault.ts';
import type { SearchIndexer } from '../../../src/sync/search/search-indexer.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const TIMER = {
  isPastDue: false,
  schedule: { adjustForDST: true },
  scheduleStatus: { last: '', lastUpdated: '', next: '' },
};
const config = { searchIndexes: { schedule: '*/15 * * * * *', generation: 1 } };
const metrics = recordMetrics();

const indexer = (list: SearchList, pending: number, fault?: Error): SearchIndexer => ({
  list,
  update: async () => undefined,
  maintain: async () => {
    if (fault !== undefined) throw fault;
  },
  countPending: async () => pending,
});

describe('the timer that maintains the search indexes', () => {
  it('does not exist without Azure AI Search', () => {
    expect(maintainSearchTimers({ config, searchIndexers: [], runtime: simulatedRuntime() })).toEqual([]);
  });

  it('maintains every list, logs a failure, and records the lists that need somebody to look at them', async () => {
    const logged: string[] = [];
    const context = new InvocationContext({ logHandler: (_level, text) => void logged.push(String(text)) });
    const fault = new SearchFault('The index cannot be created.', { cause: new Error('Forbidden') });
    const searchIndexers = [indexer(ORDERS_LIST, 0, fault), indexer(PRODUCTS_LIST, 3)];
    const [timer] = maintainSearchTimers({ config, searchIndexers, runtime: simulatedRuntime() });

    await timer?.options.handler(TIMER, context);

    expect(logged).toEqual([
      'The search index of orders could not be maintained: The index cannot be created. Cause: Forbidden',
    ]);
    expect(metrics.of('cqrs.search_pending')).toEqual([
      { value: 1, attributes: { list: 'orders' } },
      { value: 3, attributes: { list: 'products' } },
    ]);
  });
});
