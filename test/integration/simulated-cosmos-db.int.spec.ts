import { type Container, ErrorResponse, type OperationInput, type OperationResponse } from '@azure/cosmos';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { WEBHOOK_DELIVERIES } from '../../src/shared/read-models/containers.ts';
import { simulatedDatabase } from '../simulation/edges/cosmos-client.ts';
import { SimulatedReadDatabase } from '../simulation/edges/read-database.ts';
import { Process } from '../simulation/kernel/process.ts';
import { settledIn } from '../simulation/kernel/settled.ts';
import { World } from '../simulation/kernel/world.ts';
import { useCosmosDb } from './cosmos-db-fixture.ts';

const cosmos = useCosmosDb();

/** A container of the simulation, in a world without faults in which time passes while a request is on its way. */
function simulatedContainer() {
  const world = new World({ seed: 1 }, {}, false);
  const process = new Process(world, 'process', 1);
  const database = simulatedDatabase({ world, process, stored: new SimulatedReadDatabase(world) });
  const answered: Answered = (request) => settledIn(world, request);
  return { container: database.container(WEBHOOK_DELIVERIES.name), answered };
}

type Answered = <Result>(request: Promise<Result>) => Promise<Result>;

/** A request, made of a few ids and partition keys, so that requests meet. */
type Request = (container: Container, etags: Map<string, string>) => Promise<unknown>;

const IDS = ['a', 'b', 'c'];
const KEYS = ['k1', 'k2'];
/** The partition key of each container here. */
const PARTITION = { real: 'customerId', simulated: 'webhookId' } as const;

const place = fc.record({ id: fc.constantFrom(...IDS), key: fc.constantFrom(...KEYS), value: fc.nat({ max: 9 }) });
type Place = Readonly<{ id: string; key: string; value: number }>;
const KINDS = ['Create', 'Upsert', 'Replace', 'Replace if unchanged', 'Read', 'Patch', 'Delete'] as const;
const step = fc.record({ kind: fc.constantFrom(...KINDS), place });
type Step = Readonly<{ kind: (typeof KINDS)[number]; place: Place }>;

/** The documents have both names of the partition key, so that the same request fits both containers. */
const bodyOf = ({ id, key, value }: Place) => ({ id, [PARTITION.real]: key, [PARTITION.simulated]: key, value });

function operationOf({ kind, place: at }: Step, etags: ReadonlyMap<string, string>): OperationInput {
  const target = { id: at.id, partitionKey: at.key };
  switch (kind) {
    case 'Create':
    case 'Upsert':
      return { operationType: kind, partitionKey: at.key, resourceBody: bodyOf(at) };
    case 'Replace':
      return { operationType: kind, ...target, resourceBody: bodyOf(at) };
    case 'Replace if unchanged': {
      const ifMatch = etags.get(`${at.key}/${at.id}`) ?? '"none"';
      return { operationType: 'Replace', ...target, resourceBody: bodyOf(at), ifMatch };
    }
    case 'Patch': {
      const operations = [{ op: 'set' as const, path: '/value', value: at.value }];
      return { operationType: kind, ...target, resourceBody: { operations } };
    }
    default:
      return { operationType: kind, ...target };
  }
}

/** An answer without what differs between two databases. */
const shown = ({ statusCode, resourceBody }: OperationResponse) => ({
  statusCode,
  body: withoutSystemFields(resourceBody),
});

function withoutSystemFields(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith('_')));
}

const batches = fc.record({ key: fc.constantFrom(...KEYS), steps: fc.array(step, { minLength: 1, maxLength: 4 }) });

const requests: fc.Arbitrary<Request> = fc.oneof(
  fc.array(step, { minLength: 1, maxLength: 5 }).map(
    (steps): Request =>
      async (container, etags) => {
        const answers = await container.items.bulk(
          steps.map((one) => operationOf(one, etags)),
          { continueOnError: true },
        );
        for (const [index, { eTag }] of answers.entries()) remember(etags, steps[index]?.place, eTag);
        return answers.map(shown);
      },
  ),
  batches.map(
    ({ key, steps }): Request =>
      async (container, etags) => {
        const operations = steps.map(({ kind, place: at }) => operationOf({ kind, place: { ...at, key } }, etags));
        const { result = [] } = await container.items.batch(
          operations.map((one) => ({ ...one })),
          key,
        );
        return result.map(shown);
      },
  ),
  place.map(
    (at): Request =>
      async (container, etags) => {
        const { resource, etag } = await container.item(at.id, at.key).read<object>();
        remember(etags, at, etag);
        return withoutSystemFields(resource);
      },
  ),
  place.map(
    (at): Request =>
      async (container, etags) => {
        const condition = etags.get(`${at.key}/${at.id}`) ?? '"none"';
        const accessCondition = { type: 'IfMatch', condition };
        await container.item(at.id, at.key).replace(bodyOf(at), { accessCondition });
        return 'replaced';
      },
  ),
  place.map(
    (at): Request =>
      async (container) => {
        await container.items.create(bodyOf(at));
        return 'created';
      },
  ),
  fc.nat({ max: 9 }).map(
    (value): Request =>
      async (container) => {
        const query = {
          query: 'SELECT c.id, c["value"] FROM c WHERE c["value"] >= @value',
          parameters: [{ name: '@value', value }],
        };
        const { resources } = await container.items.query(query, { maxItemCount: 2 }).fetchAll();
        return resources.map((found) => JSON.stringify(found)).sort();
      },
  ),
);

function remember(etags: Map<string, string>, at: Place | undefined, etag: string | undefined): void {
  if (at !== undefined && etag !== undefined) etags.set(`${at.key}/${at.id}`, etag);
}

const failed = z.object({ code: z.union([z.number(), z.string()]) });

/** The answers to all requests, or the codes of their errors. */
async function answersOf(
  container: Container,
  some: readonly Request[],
  answered: Answered,
): Promise<readonly unknown[]> {
  const etags = new Map<string, string>();
  const answers: unknown[] = [];
  for (const request of some) {
    const toCode = (error: unknown) => {
      expect(error).toBeInstanceOf(ErrorResponse);
      return failed.parse(error).code;
    };
    answers.push(await answered(request(container, etags)).catch(toCode));
  }
  return answers;
}

it('the simulated Cosmos DB answers any sequence of requests as the SDK does with the stand-in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(requests, { minLength: 5, maxLength: 20 }), async (some) => {
      const { container, answered } = simulatedContainer();
      const { resources } = await cosmos.container.items
        .query<{ id: string; customerId: string }>('SELECT * FROM c')
        .fetchAll();
      for (const { id, customerId } of resources) await cosmos.container.item(id, customerId).delete();
      expect(await answersOf(container, some, answered)).toEqual(
        await answersOf(cosmos.container, some, (request) => request),
      );
    }),
    { numRuns: 40 },
  );
});
