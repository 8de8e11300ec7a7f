/** The service: its indexes, and the answers to REST calls. */

import { autocomplete } from './autocomplete.ts';
import { parseDefinition } from './definition.ts';
import { Faults } from './faults.ts';
import { indexDocuments } from './index-documents.ts';
import { badRequest, errorAnswer, Refusal, type RestAnswer } from './rest-answer.ts';
import type { RestCall } from './rest-call.ts';
import { searchDocuments } from './search-documents.ts';
import { SearchIndex } from './search-index.ts';

export class SearchService {
  readonly faults = new Faults();
  readonly #indexes = new Map<string, SearchIndex>();

  /** The documents of an index by key, for tests; undefined when it does not exist. */
  index(name: string): SearchIndex | undefined {
    return this.#indexes.get(name);
  }

  answer(call: RestCall, body: unknown): RestAnswer {
    const fault = this.faults.hit(call.operation);
    if (fault !== undefined && !fault.documents) return errorAnswer(fault.status, `Injected fault ${fault.status}.`);
    try {
      if (!call.query.has('api-version')) throw badRequest('The request lacks the parameter api-version.');
      return this.#answer(call, body, fault?.status);
    } catch (error) {
      if (error instanceof Refusal) return errorAnswer(error.status, error.message);
      throw error;
    }
  }

  #answer(call: RestCall, body: unknown, documentFault: number | undefined): RestAnswer {
    switch (call.operation) {
      case 'CreateIndex':
        return this.#create(body);
      case 'CreateOrUpdateIndex':
        return this.#createOrUpdate(call.index, body);
      case 'GetIndex':
        return { status: 200, body: this.#existing(call.index).definition };
      case 'DeleteIndex':
        this.#existing(call.index);
        this.#indexes.delete(call.index);
        return { status: 204 };
      case 'IndexDocuments':
        return indexDocuments(this.#existing(call.index), body, (position) =>
          position % 2 === 0 ? documentFault : undefined,
        );
      case 'SearchDocuments':
        return searchDocuments(this.#existing(call.index), body);
      case 'Autocomplete':
        return autocomplete(this.#existing(call.index), body);
      case 'Unknown':
        return errorAnswer(501, 'Not implemented here.');
    }
  }

  #create(body: unknown): RestAnswer {
    const definition = parseDefinition(body);
    if (this.#indexes.has(definition.name)) {
      throw new Refusal(409, `Cannot create index '${definition.name}' because it already exists.`);
    }
    this.#indexes.set(definition.name, new SearchIndex(definition));
    return { status: 201, body: definition };
  }

  /** The fields of an index never change here. In the cloud, fields can be added. */
  #createOrUpdate(name: string, body: unknown): RestAnswer {
    const before = this.#indexes.get(name)?.definition;
    if (before === undefined) return this.#create(body);
    const definition = parseDefinition(body);
    if (JSON.stringify(definition) === JSON.stringify(before)) return { status: 200, body: definition };
    throw badRequest(`Existing fields of index '${name}' cannot be changed.`);
  }

  #existing(name: string): SearchIndex {
    const index = this.#indexes.get(name);
    if (index !== undefined) return index;
    throw new Refusal(404, `The index '${name}' for service 'localhost' was not found.`);
  }
}
