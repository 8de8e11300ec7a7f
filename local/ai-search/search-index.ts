/** One index: its documents, and their terms in MiniSearch (https://lucaong.github.io/minisearch/). */
import MiniSearch, { type Query } from 'minisearch';
import { analyze } from './analyzers.ts';
import { analyzerOf, type Definition, type Field } from './definition.ts';
import type { QueryNode, TermNode } from './query-syntax.ts';
import { badRequest } from './rest-answer.ts';

export type StoredDocument = Readonly<Record<string, unknown>>;

/** A document that a search has found. */
export interface Hit {
  readonly document: StoredDocument;
  readonly score: number;
  /** The terms that matched. */
  readonly terms: readonly string[];
}

export class SearchIndex {
  readonly definition: Definition;
  readonly keyField: string;
  readonly #searchable: ReadonlyMap<string, Field>;
  readonly #documents = new Map<string, StoredDocument>();
  readonly #terms: MiniSearch<StoredDocument>;

  constructor(definition: Definition) {
    this.definition = definition;
    this.keyField = definition.fields.find(({ key }) => key)?.name ?? '';
    this.#searchable = new Map(
      definition.fields.filter(({ searchable }) => searchable).map((field) => [field.name, field]),
    );
    this.#terms = new MiniSearch<StoredDocument>({
      idField: this.keyField,
      fields: [...this.#searchable.keys()],
      extractField: (document, name) => textOf(document[name]),
      tokenize: (text, name) => [...this.#analyze(text, name ?? '')],
      processTerm: (term) => term,
    });
  }

  get size(): number {
    return this.#documents.size;
  }

  get(key: string): StoredDocument | undefined {
    return this.#documents.get(key);
  }

  /** Adds or replaces a document. */
  put(key: string, document: StoredDocument): void {
    if (this.#documents.has(key)) this.#terms.replace(document);
    else this.#terms.add(document);
    this.#documents.set(key, document);
  }

  delete(key: string): void {
    if (this.#documents.delete(key)) this.#terms.discard(key);
  }

  /** Finds documents, best first. `fields` are searched where a term names none: all searchable ones by default. */
  search(query: QueryNode, fields: readonly string[] = [...this.#searchable.keys()]): readonly Hit[] {
    if (query.kind === 'all')
      return [...this.#documents.values()].map((document) => ({ document, score: 1, terms: [] }));
    return this.#terms.search(this.#toQuery(query, fields)).flatMap(({ id, score, terms }) => {
      const document = this.#documents.get(id);
      return document === undefined ? [] : [{ document, score, terms }];
    });
  }

  #toQuery(node: QueryNode, fields: readonly string[]): Query {
    switch (node.kind) {
      case 'all':
        return MiniSearch.wildcard;
      case 'and':
      case 'or':
        return { combineWith: node.kind, queries: node.nodes.map((one) => this.#toQuery(one, fields)) };
      case 'term':
        return this.#termQuery(node, node.field === undefined ? fields : [node.field]);
    }
  }

  /** A term is looked up in each field as its analyzer makes it; in one field, all parts must match. */
  #termQuery(term: TermNode, fields: readonly string[]): Query {
    const inField = (name: string): Query => {
      const isWhole = term.prefix || term.edits > 0;
      const tokens = isWhole ? [term.text] : this.#analyze(term.text, name);
      const options = {
        ...{ fields: [name], prefix: term.prefix, fuzzy: term.edits, boost: { [name]: term.boost } },
        ...{ tokenize: (text: string) => [text], processTerm: (text: string) => text },
      };
      return { ...options, combineWith: 'and', queries: [...tokens] };
    };
    for (const name of fields)
      if (!this.#searchable.has(name)) throw badRequest(`Unknown field '${name}' in the query.`);
    return { combineWith: 'or', queries: fields.map(inField) };
  }

  #analyze(text: string, name: string): readonly string[] {
    const field = this.#searchable.get(name);
    return field === undefined ? [text] : analyze(text, analyzerOf(field));
  }
}

/** The elements of a collection are separated by line breaks, at which every analyzer but `keyword` splits. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join('\n');
  return typeof value === 'string' ? value : '';
}
