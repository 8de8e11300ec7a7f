/** A page of a list. */
export interface PageOf<Item> {
  readonly items: readonly Item[];
  /** Where the next page starts; undefined on the last one. */
  readonly continuationToken?: string | undefined;
}

export type ReadPage<Item> = (page: PageRequest) => Promise<PageOf<Item>>;

export interface PageRequest {
  readonly continuationToken?: string | undefined;
  readonly signal: AbortSignal;
}

/** What was read after the first page of a list. */
export interface More<Item> {
  readonly first: PageOf<Item>;
  readonly items: readonly Item[];
  readonly next: string | undefined;
  readonly busy: boolean;
  /** What the last read was rejected with, if it was. */
  readonly error: unknown;
}

/** Reads the pages after a first one, one at a time. After `stop`, `onChange` is not called any more. */
export function morePages<Item>(
  first: PageOf<Item>,
  read: ReadPage<Item>,
  onChange: (more: More<Item>) => void,
): { readonly showMore: () => Promise<void>; readonly stop: () => void } {
  const abort = new AbortController();
  const { signal } = abort;
  let more: More<Item> = { first, items: [], next: first.continuationToken, busy: false, error: undefined };
  const change = (part: Partial<More<Item>>) => {
    if (signal.aborted) return;
    more = { ...more, ...part };
    onChange(more);
  };
  const showMore = async () => {
    if (more.busy || more.next === undefined) return;
    change({ busy: true, error: undefined });
    try {
      const page = await read({ continuationToken: more.next, signal });
      change({ items: [...more.items, ...page.items], next: page.continuationToken, busy: false });
    } catch (error) {
      change({ busy: false, error });
    }
  };
  return { showMore, stop: () => abort.abort() };
}
