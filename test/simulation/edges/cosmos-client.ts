import { Container, Database, ErrorResponse, type FeedOptions, type SqlQuerySpec } from '@azure/cosmos';
import { AS_MANY_AS_FIT, runQuery } from '../../../local/cosmos-db/query.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';
import {
  type Answer,
  runAlone,
  runInBatch,
  runInBulk,
  type SdkOperation,
  type SimulatedReadDatabase,
} from './read-database.ts';

/** Kinds of faults of Cosmos DB: of a whole request, and of single operations in a bulk. */
export const COSMOS_FAULTS = {
  'request 429': 0.02,
  'request 408': 0.01,
  'request 410': 0.005,
  'request 449': 0.01,
  'request 503': 0.01,
  'operation 429': 0.03,
  'operation 449': 0.02,
  'operation 503': 0.01,
  'read does not fit': 0.01,
  'bulk in pieces': 0.1,
};

const failure = (code: number | string, message: string): ErrorResponse =>
  Object.assign(new ErrorResponse(message), { code });

const REFUSALS = Object.fromEntries(
  [408, 410, 429, 449, 503].map((status) => [`request ${status}`, () => failure(status, `Status ${status}.`)]),
);
const lost = () => failure('ECONNRESET', 'The connection was lost.');

/** Longest pause (ms) between two operations of a bulk. */
const PIECE_MS = 40;
/** Documents per page without `maxItemCount`. */
const PAGE = 100;

/** What a client needs. */
interface Access {
  readonly world: World;
  readonly process: Process;
  readonly stored: SimulatedReadDatabase;
}

/** The SDK's database as a process uses it. It has the methods that the apps call. */
export function simulatedDatabase(access: Access): Database {
  const container = (name: string): Container => simulatedContainer(access, name);
  return Object.assign(Object.create(Database.prototype), { container });
}

function simulatedContainer(access: Access, name: string): Container {
  const items = {
    bulk: (operations: readonly SdkOperation[]) => bulk(access, name, operations),
    batch: (operations: readonly SdkOperation[], partitionKey: unknown) =>
      batch(access, name, operations, partitionKey),
    create: async (resourceBody: unknown) =>
      toResponse(await alone(access, name, { operationType: 'Create', resourceBody })),
    query: (query: string | SqlQuerySpec, options?: FeedOptions) => queryOf(access, name, query, options),
  };
  const item = (id: string, partitionKey: unknown) => ({
    read: async () => toRead(await alone(access, name, { operationType: 'Read', id, partitionKey })),
    replace: async (resourceBody: unknown, { accessCondition }: ReplaceOptions = {}) => {
      const ifMatch = accessCondition === undefined ? {} : { ifMatch: accessCondition.condition };
      return toResponse(
        await alone(access, name, { operationType: 'Replace', id, partitionKey, resourceBody, ...ifMatch }),
      );
    },
  });
  return Object.create(Container.prototype, {
    id: { value: name },
    items: { value: items },
    item: { value: item },
  });
}

interface ReplaceOptions {
  readonly accessCondition?: { readonly condition: string };
}

/** A bulk is no transaction: other requests may run between its operations. */
function bulk({ world, process, stored }: Access, name: string, operations: readonly SdkOperation[]) {
  const [first] = operations;
  const step = `${name} bulk ${first?.operationType === 'Read' ? 'read' : 'write'}`;
  const documents = stored.documents(name);
  return process.call<readonly Answer[]>({
    step,
    effect: async () => {
      const inPieces = world.fault('bulk in pieces', process.name, step);
      const answers: Answer[] = [];
      for (const operation of operations) {
        answers.push(
          operationFault({ world, process }, step, operation, answers.length) ?? runInBulk(documents, operation),
        );
        if (inPieces) await pause(world, `${step} piece`);
      }
      return answers;
    },
    refusals: REFUSALS,
    lost,
  });
}

const pause = (world: World, name: string) =>
  new Promise<void>((resolve) => void world.schedule(world.dice.between(name, 1, PIECE_MS), resolve));

/** The answer of an operation that is not carried out. */
function operationFault(
  { world, process }: Omit<Access, 'stored'>,
  step: string,
  { operationType }: SdkOperation,
  index: number,
): Answer | undefined {
  const happens = (kind: string) => world.fault(kind, process.name, step);
  if (happens('operation 429')) return { statusCode: 429, requestCharge: 0, retryAfterMilliseconds: 30 };
  if (happens('operation 449')) return { statusCode: 449, requestCharge: 0 };
  if (happens('operation 503')) return { statusCode: 503, requestCharge: 0 };
  // The first result always fits into the response.
  if (operationType === 'Read' && index > 0 && happens('read does not fit'))
    return { statusCode: 413, requestCharge: 0 };
  return undefined;
}

async function batch(
  { process, stored }: Access,
  name: string,
  operations: readonly SdkOperation[],
  partitionKey: unknown,
): Promise<{ readonly result: readonly Answer[] }> {
  const result = await process.call({
    step: `${name} batch`,
    effect: () => runInBatch(stored.documents(name), operations, partitionKey),
    refusals: REFUSALS,
    lost,
  });
  return { result };
}

function alone({ process, stored }: Access, name: string, operation: SdkOperation): Promise<Answer> {
  return process.call({
    step: `${name} ${operation.operationType.toLowerCase()}`,
    effect: () => runAlone(stored.documents(name), operation),
    refusals: REFUSALS,
    lost,
  });
}

/** The SDK throws for a failed write, and for a read only when something else is wrong than that there is no document. */
function toResponse({ statusCode, eTag, resourceBody, message = '' }: Answer) {
  if (statusCode >= 400) throw failure(statusCode, message);
  return { statusCode, etag: eTag, resource: resourceBody };
}

const toRead = (answer: Answer) =>
  answer.statusCode === 404 ? { statusCode: 404, resource: undefined, etag: undefined } : toResponse(answer);

/** The pages of a query, each of which is a request. */
function queryOf({ process, stored }: Access, name: string, query: string | SqlQuerySpec, options: FeedOptions = {}) {
  const { partitionKey, maxItemCount = PAGE } = options;
  const spec = typeof query === 'string' ? { query } : query;
  const documents = stored.documents(name);
  const page = (continuation: string | undefined) =>
    process.call({
      step: `${name} query`,
      effect: () => {
        const key = partitionKey === undefined ? undefined : JSON.stringify([partitionKey].flat());
        const found = runQuery(
          key === undefined ? documents.inRange(documents.rangeOf('[]')) : documents.inPartition(key),
          {
            query: spec.query,
            parameters: (spec.parameters ?? []).map((parameter) => ({ ...parameter })),
            maxItemCount: maxItemCount > 0 ? maxItemCount : AS_MANY_AS_FIT,
            continuation,
            compositeIndexes: [],
          },
        );
        return { ...found, results: structuredClone(found.results) };
      },
      refusals: REFUSALS,
      lost,
    });
  async function* pages() {
    for (let continuation: string | undefined; ; ) {
      const found = await page(continuation);
      yield { resources: found.results };
      if (found.continuation === undefined) return;
      continuation = found.continuation;
    }
  }
  return {
    getAsyncIterator: pages,
    fetchAll: async () => {
      const resources: unknown[] = [];
      for await (const { resources: some } of pages()) resources.push(...some);
      return { resources };
    },
  };
}
