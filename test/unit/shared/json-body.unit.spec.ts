import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { readJsonBody } from '../../../src/shared/http/json-body.ts';

const read = (string: string) =>
  readJsonBody(
    new HttpRequest({
      method: 'POST',
      url: 'https://app.example/api/orders',
      headers: { 'content-type': 'application/json', 'content-length': String(string.length) },
      body: { string },
    }),
  );

const nested = (levels: number, open: string, close: string) => `${open.repeat(levels)}1${close.repeat(levels)}`;

describe('a body whose arrays and objects are nested', () => {
  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
    ['objects after text that looks like their ends', String.raw`{"}\"}":"]}\\","a":`, '}'],
  ])('is read up to 32 levels and refused beyond: %s', async (_name, open, close) => {
    expect(await read(nested(32, open, close))).toEqual(JSON.parse(nested(32, open, close)));
    await expect(read(nested(33, open, close))).rejects.toMatchObject({
      code: 'malformed-json',
      message: 'The body has arrays and objects that are nested more than 32 levels deep.',
    });
  });

  it('is refused before it is parsed', async () => {
    await expect(read('['.repeat(250_000))).rejects.toThrow('nested more than 32 levels deep');
  });
});

it('a body with brackets in its texts, or many arrays beside one another, is read', async () => {
  for (const value of [['['.repeat(100)], ['"{'.repeat(100)], ['\\', '['.repeat(100)], Array(100).fill([[]])]) {
    expect(await read(JSON.stringify(value))).toEqual(value);
  }
});
