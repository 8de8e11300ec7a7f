import { describe, expect, it } from 'vitest';
import { type ExportSource, readExportPage } from '../../../src/sync/customer-export/export-page.ts';

/** A source with numbered records, each read of which returns one. */
const source = (name: string, count: number): ExportSource => ({
  name,
  read: async (after = '0') => {
    const number = Number(after) + 1;
    if (number > count) return { items: [] };
    return { items: [{ store: name, record: { number } }], next: String(number) };
  },
});

const SOURCES = [source('a', 2), source('none', 0), source('b', 3)];

/** The records of every page. */
async function pages(limits: Parameters<typeof readExportPage>[2]): Promise<readonly (readonly string[])[]> {
  const found: string[][] = [];
  let token: string | undefined;
  do {
    const page = await readExportPage(SOURCES, token, limits);
    found.push(page.items.map(({ store, record }) => `${store}${Object.values(record)[0]}`));
    token = page.continuationToken;
  } while (token !== undefined);
  return found;
}

describe('a page of an export', () => {
  it('has everything of all sources when that is little', async () => {
    expect(await pages({ characters: 1_000, parts: 30 })).toEqual([['a1', 'a2', 'b1', 'b2', 'b3']]);
  });

  it('ends with the part that reaches the size, and the next one continues after it', async () => {
    expect(await pages({ characters: 1, parts: 30 })).toEqual([['a1'], ['a2'], ['b1'], ['b2'], ['b3'], []]);
  });

  it('ends after a number of parts, even when they are empty', async () => {
    expect((await pages({ characters: 1_000, parts: 2 })).flat()).toEqual(['a1', 'a2', 'b1', 'b2', 'b3']);
    expect((await pages({ characters: 1_000, parts: 2 })).length).toBeGreaterThan(2);
  });

  it.each([
    ['no JSON', 'abc'],
    ['of another shape', Buffer.from('[1]').toString('base64url')],
    ['of an unknown source', Buffer.from('["secrets",null]').toString('base64url')],
  ])('is refused for a token that is %s', async (_what, token) => {
    await expect(readExportPage(SOURCES, token)).rejects.toMatchObject({
      code: 'validation-failed',
      errors: [{ path: 'continuationToken' }],
    });
  });
});
