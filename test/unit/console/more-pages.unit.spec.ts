import { describe, expect, it, vi } from 'vitest';
import { type More, morePages, type PageOf } from '../../../console/src/api/more-pages.ts';

/** The pages after a first one; the test answers each read. */
function list() {
  const reads: PromiseWithResolvers<PageOf<string>>[] = [];
  const read = vi.fn(() => {
    const answer = Promise.withResolvers<PageOf<string>>();
    reads.push(answer);
    return answer.promise;
  });
  const onChange = vi.fn<(more: More<string>) => void>();
  const pages = morePages({ items: ['a'], continuationToken: 'second' }, read, onChange);
  return { ...pages, reads, read, onChange };
}

describe('the pages after the first one of a list', () => {
  it('are read one at a time, each once', async () => {
    const { showMore, reads, read, onChange } = list();
    const shown = showMore();
    await showMore();
    reads[0]?.resolve({ items: ['b'], continuationToken: 'third' });
    await shown;
    expect(onChange).toHaveBeenLastCalledWith(expect.objectContaining({ items: ['b'], next: 'third', busy: false }));
    const rest = showMore();
    reads[1]?.resolve({ items: ['c'] });
    await rest;
    await showMore();
    expect(onChange).toHaveBeenLastCalledWith(expect.objectContaining({ items: ['b', 'c'], next: undefined }));
    expect(read.mock.calls).toEqual([
      [expect.objectContaining({ continuationToken: 'second' })],
      [expect.objectContaining({ continuationToken: 'third' })],
    ]);
  });

  it('are not shown when their answer comes after the list has changed', async () => {
    const { showMore, stop, reads, onChange } = list();
    const shown = showMore();
    stop();
    onChange.mockClear();
    reads[0]?.resolve({ items: ['b'] });
    await shown;
    expect(onChange).not.toHaveBeenCalled();
  });

  it('can be read again after a failure', async () => {
    const { showMore, reads, onChange } = list();
    const shown = showMore();
    reads[0]?.reject(new Error('no answer'));
    await shown;
    expect(onChange.mock.lastCall?.[0].error).toEqual(new Error('no answer'));
    const again = showMore();
    reads[1]?.resolve({ items: ['b'] });
    await again;
    expect(onChange).toHaveBeenLastCalledWith(expect.objectContaining({ items: ['b'], error: undefined }));
  });
});
