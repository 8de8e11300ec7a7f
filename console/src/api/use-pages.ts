import { useCallback, useEffect, useRef, useState } from 'react';
import { toFailure } from './commands.ts';
import { type More, morePages, type ReadPage } from './more-pages.ts';
import { useLoaded } from './use-loaded.ts';

/**
 * The first page of a list, and those that people ask for, one at a time. A list that is read again, or with another `read`, starts with its
 * first page: memoize `read` with `useCallback`.
 */
export function usePages<Item>(read: ReadPage<Item>) {
  const load = useCallback((signal: AbortSignal) => read({ signal }), [read]);
  const { value, ...first } = useLoaded(load, { keep: false });
  const [latest, setLatest] = useState<More<Item>>();
  const reader = useRef<ReturnType<typeof morePages<Item>>>(undefined);
  useEffect(() => {
    if (value === undefined) return;
    const pages = morePages(value, read, setLatest);
    reader.current = pages;
    return pages.stop;
  }, [value, read]);
  const more = latest?.first === value ? latest : undefined;
  return {
    ...first,
    /** Why a page cannot be shown: the first one, or the next one. */
    problem: first.failure ?? (more?.error === undefined ? undefined : toFailure(more.error)),
    /** Undefined until the first page is there. */
    items: value && [...value.items, ...(more?.items ?? [])],
    hasMore: (more === undefined ? value?.continuationToken : more.next) !== undefined,
    /** True while another page is read. */
    busy: more?.busy ?? false,
    showMore: () => void reader.current?.showMore(),
  };
}
