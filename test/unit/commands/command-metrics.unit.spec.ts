import { expect, it } from 'vitest';
import { commands } from '../../../src/commands/functions.ts';
import { authorize, createCommandBus } from '../../../src/commands/pipeline/command-bus.ts';
import { payloadHash } from '../../../src/commands/pipeline/payload-hash.ts';
import { addProduct } from '../../../src/commands/products/add-product.ts';
import type { CommitOutcome, LoadedRows } from '../../../src/commands/write-store/write-store.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { envelopeOf, SETTINGS } from '../../support/commands/command-bus.ts';
import { testMasterKey } from '../../support/events/personal-data.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';

const metrics = recordMetrics();

const ADD_PRODUCT = envelopeOf({
  type: 'AddProduct',
  data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 1, currency: 'USD' },
});

async function dispatch(rows: Partial<LoadedRows>, outcomes: readonly CommitOutcome[] = []): Promise<void> {
  const left = outcomes.values();
  const store = {
    load: async () => ({ products: [], syncLags: [], ...rows }),
    commit: async () => left.next().value ?? { outcome: 'committed' as const },
  };
  const runtime = { ...systemRuntime, delay: async () => undefined };
  const dependencies = { store, publish: () => {}, masterKey: testMasterKey, settings: SETTINGS, runtime };
  await createCommandBus(commands, dependencies, [authorize]).dispatch(ADD_PRODUCT);
}

it('a command that loses races is counted as retried, once for each', async () => {
  await dispatch({}, [{ outcome: 'conflict' }, { outcome: 'duplicate' }]);
  expect(metrics.of('cqrs.retries')).toEqual([
    { value: 1, attributes: { component: 'commands', reason: 'conflict' } },
    { value: 1, attributes: { component: 'commands', reason: 'duplicate' } },
  ]);
});

it('a command that is sent again is counted as an idempotent replay', async () => {
  const result = { commandId: 'key', aggregateType: 'Product', aggregateId: 'lamp', version: 1 } as const;
  const hash = payloadHash(ADD_PRODUCT, addProduct.prepare(ADD_PRODUCT, SETTINGS));
  await dispatch({ command: { payloadHash: hash, result } });
  expect(metrics.of('cqrs.idempotent_replays')).toEqual([{ value: 1, attributes: { command: 'AddProduct' } }]);
});

it('a command that is executed is neither', async () => {
  await dispatch({});
  expect(metrics.of('cqrs.retries')).toEqual([]);
  expect(metrics.of('cqrs.idempotent_replays')).toEqual([]);
});
