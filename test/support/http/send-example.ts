import type { TestSystem } from '../system/system.ts';
import type { PublishedOperation } from './open-api.ts';

/** A request to send. */
export interface Sent {
  /** Ids to replace those of the examples with. */
  readonly ids?: ReadonlyMap<string, string>;
  readonly body?: unknown;
  readonly token?: string;
}

/** Sends a request with the parameter examples of the OpenAPI description and the given body. */
export async function sendExample(
  system: TestSystem,
  { method, path, parameters }: PublishedOperation,
  { ids = new Map(), body, token }: Sent,
) {
  const examples = new Map(parameters.map(({ name, example = '' }) => [name, example]));
  const pathname = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const example = examples.get(name) ?? '';
    return encodeURIComponent(ids.get(example) ?? example);
  });
  const query = new URLSearchParams();
  for (const { name = '', in: where, schema } of parameters) {
    const [example] = schema?.examples ?? [];
    if (where === 'query' && example !== undefined) query.set(name, example);
  }
  const response = await fetch(`${system.host.url}/api${pathname}?${query}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
  const text = await response.text();
  return { status: response.status, mediaType, body: mediaType.endsWith('json') ? JSON.parse(text) : text };
}
