import { Container, type OperationInput, type OperationResponse } from '@azure/cosmos';
import { describe, expect, it } from 'vitest';
import { runBulk, TransientFault } from '../../../src/sync/projector/bulk.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const metrics = recordMetrics();

/** Largest documents, of 300 KB, that fit into a response of 4 MB. */
const FITTING = 13;

const reads = Array.from({ length: 100 }, (_, index) => ({
  operationType: 'Read' as const,
  partitionKey: `order-${index}`,
  id: `order-${index}`,
}));
const found = (operation: OperationInput) => ({
  statusCode: 200,
  requestCharge: 30,
  resourceBody: { id: Reflect.get(operation, 'id') },
});
const omitted = { statusCode: 413, requestCharge: 0 };
const throttled = { statusCode: 429, requestCharge: 0 };

/** Runs the reads with requests that take 2 s each, and counts them and the delays between them. */
async function runReads(answer: (operation: OperationInput, index: number) => OperationResponse) {
  let [requests, waitedMs] = [0, 0];
  const bulk = async (operations: readonly OperationInput[]) => {
    requests++;
    return operations.map(answer);
  };
  const container = Object.create(Container.prototype, { id: { value: 'order_pages' }, items: { value: { bulk } } });
  const runtime = {
    ...simulatedRuntime(),
    now: () => requests * 2_000,
    delay: async (ms: number) => {
      waitedMs += ms;
    },
  };
  const responses = await runBulk(container, reads, runtime).catch((error: unknown) => error);
  return { responses, requests, waitedMs };
}

describe('reads whose results do not fit into one response', () => {
  it('are asked again without waiting until all are answered, however many responses it takes', async () => {
    const { responses, requests, waitedMs } = await runReads((operation, index) =>
      index < FITTING ? found(operation) : omitted,
    );
    expect(responses).toEqual(reads.map(found));
    expect([requests, waitedMs]).toEqual([Math.ceil(reads.length / FITTING), 0]);
    expect(metrics.of('cqrs.retries')).toEqual([]);
  });

  it('wait, and give up in the end, while reads are throttled too', async () => {
    const { responses, requests, waitedMs } = await runReads((operation, index) => {
      if (index === 0) return found(operation);
      return index < FITTING ? throttled : omitted;
    });
    expect(responses).toBeInstanceOf(TransientFault);
    expect([requests, waitedMs > 0]).toEqual([6, true]);
  });

  it('give up in the end when none of them is answered', async () => {
    const { responses, requests } = await runReads(() => omitted);
    expect(responses).toBeInstanceOf(TransientFault);
    expect(requests).toBe(6);
  });
});
