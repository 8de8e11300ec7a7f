import type { AnyOptions, Http } from './http.ts';

/** Yields the entries of a list, page by page. The next page is read when its first entry is needed. */
export async function* itemsOf(http: Http, path: string, options: AnyOptions = {}): AsyncGenerator<unknown> {
  let query = options.params?.query ?? {};
  for (;;) {
    const { data } = await http('get', path, { ...options, params: { ...options.params, query } });
    const { items, continuationToken } = toPage(data);
    yield* items;
    if (continuationToken === undefined) return;
    query = { ...query, continuationToken };
  }
}

interface Page {
  readonly items: readonly unknown[];
  readonly continuationToken: unknown;
}

function toPage(data: unknown): Page {
  if (typeof data !== 'object' || data === null || !('items' in data) || !Array.isArray(data.items)) {
    throw new TypeError('The response is not a list.');
  }
  return { items: data.items, continuationToken: 'continuationToken' in data ? data.continuationToken : undefined };
}
