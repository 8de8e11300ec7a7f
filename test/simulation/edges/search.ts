import type { IndexDocumentsResult, SearchIndex } from '@azure/search-documents';
import type { SearchDocuments, SearchService } from '../../../src/shared/search/open-search.ts';
import type { SearchDocument } from '../../../src/shared/search/search-document.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';

/** Kinds of faults of Azure AI Search: of a whole request, and of single documents in it. */
export const SEARCH_FAULTS = {
  'search 429': 0.03,
  'search 503': 0.03,
  'search document 409': 0.02,
  'search document 503': 0.02,
};

const searchError = (message: string, details: object) => Object.assign(new Error(message), details);
const refusal = (statusCode: number) => searchError(`Azure AI Search answers with ${statusCode}.`, { statusCode });

const FAULTS = {
  refusals: { 'search 429': () => refusal(429), 'search 503': () => refusal(503) },
  lost: () => searchError('The connection was lost.', { code: 'ECONNRESET' }),
};

type Documents = Map<string, SearchDocument>;
type Result = IndexDocumentsResult['results'][number];

/** Indexes with their documents. Changes are visible immediately; a delay would not matter, because the sync app never searches. */
export class SimulatedSearch {
  /** The documents of each index, by key. */
  readonly indexes = new Map<string, Documents>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** The service as a process uses it. It has the methods that the sync app calls. */
  serviceOf(process: Process): SearchService {
    const call = <Answer>(step: string, effect: () => Answer) => process.call({ step, effect, ...FAULTS });
    const indexes = {
      getIndex: (name: string) => call('search get index', () => void this.#find(name)),
      createIndex: (definition: SearchIndex) => call('search create index', () => this.#create(definition)),
      deleteIndex: (name: string) =>
        call('search delete index', () => {
          this.#find(name);
          this.indexes.delete(name);
        }),
    };
    return {
      indexes: Object.assign(Object.create(null), indexes),
      documents: (name) => this.#documentsOf(process, name),
    };
  }

  #documentsOf(process: Process, name: string): SearchDocuments {
    const change = (keys: readonly string[], apply: (documents: Documents, key: string) => void) =>
      process.call({
        step: `search ${name}`,
        effect: () => {
          const documents = this.#find(name);
          return { results: keys.map((key) => this.#result(process, name, key, () => apply(documents, key))) };
        },
        ...FAULTS,
      });
    return Object.assign(Object.create(null), {
      uploadDocuments: (uploads: readonly SearchDocument[]) => {
        const sent = new Map(uploads.map((document) => [document.key, structuredClone(document)]));
        return change([...sent.keys()], (documents, key) => {
          const document = sent.get(key);
          if (document !== undefined) documents.set(key, document);
        });
      },
      deleteDocuments: (_field: string, keys: readonly string[]) =>
        change(keys, (documents, key) => void documents.delete(key)),
    });
  }

  #result(process: Process, name: string, key: string, apply: () => void): Result {
    const happens = (kind: string) => this.#world.fault(kind, process.name, `search ${name}`);
    const refused = [409, 503].find((status) => happens(`search document ${status}`));
    if (refused !== undefined) return { key, succeeded: false, statusCode: refused, errorMessage: 'Try again.' };
    apply();
    return { key, succeeded: true, statusCode: 200 };
  }

  #create({ name }: SearchIndex): void {
    if (this.indexes.has(name)) throw refusal(409);
    this.indexes.set(name, new Map());
  }

  #find(name: string): Documents {
    const documents = this.indexes.get(name);
    if (documents === undefined) throw refusal(404);
    return documents;
  }
}
