import type { TestSystem } from '../system/system.ts';
import { expectAsDescribed } from './described-answers.ts';
import type { PublishedOperation } from './open-api.ts';

/** A request to send. */
export interface Sent {
  /** Ids to replace those of the examples with. */
  readonly ids?: ReadonlyMap<string, string>;
  /** A JSON body. */
  readonly body?: unknown;
  readonly token?: string;
  /** Headers and query parameters in addition to those of the examples. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Sends the body without stating its length. */
  readonly chunked?: boolean;
}

/**
 * Sends a request with the parameter examples of the OpenAPI description and the given body. Throws when the answer is not as
 * described.
 */
export async function sendExample(
  system: TestSystem,
  operation: PublishedOperation,
  { ids = new Map(), body, token, headers, query = {}, chunked = false }: Sent,
) {
  const { method } = operation;
  const path = pathOf(operation, ids, query);
  const json = body === undefined ? undefined : JSON.stringify(body);
  const response = await fetch(`${system.host.url}/api${path}`, {
    method,
    headers: {
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(json !== undefined && { body: chunked ? new Blob([json]).stream() : json, duplex: 'half' }),
  });
  const { status } = response;
  const contentType = response.headers.get('content-type');
  const text = await response.text();
  expectAsDescribed({ method, path, status, contentType, text });
  return { status, body: contentType?.includes('json') ? JSON.parse(text) : text };
}

/** The path with its example ids, or those that replace them, and the examples of the query parameters. */
function pathOf(
  { path, parameters }: PublishedOperation,
  ids: ReadonlyMap<string, string>,
  query: Sent['query'],
): string {
  const examples = new Map(parameters.map(({ name = '', example = name }) => [name, example]));
  const pathname = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const example = examples.get(name) ?? name;
    return encodeURIComponent(ids.get(example) ?? example);
  });
  const search = new URLSearchParams();
  for (const { name = '', in: where, schema } of parameters) {
    const [example] = schema?.examples ?? [];
    if (where === 'query' && example !== undefined) search.set(name, example);
  }
  for (const [name, value] of Object.entries(query ?? {})) search.set(name, value);
  return `${pathname}?${search}`;
}
