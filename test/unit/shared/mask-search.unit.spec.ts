import { describe, expect, it } from 'vitest';
import { maskSearch } from '../../../src/shared/telemetry/mask-search.ts';

function masked(attributes: Record<string, string | number>) {
  maskSearch.onEnd({ attributes });
  return attributes;
}

describe('a finished HTTP span', () => {
  it.each([
    ['url.query', 'q=ada%20lovelace&limit=5', 'q=REDACTED&limit=5'],
    ['url.query', 'limit=5&q=ada', 'limit=5&q=REDACTED'],
    [
      'url.full',
      'https://orders.example.com/api/orders?status=shipped&q=ada#x',
      'https://orders.example.com/api/orders?status=shipped&q=REDACTED#x',
    ],
    ['http.url', 'http://localhost:7071/api/orders?q=ada', 'http://localhost:7071/api/orders?q=REDACTED'],
    ['url.query', '%71=ada&limit=5', '%71=REDACTED&limit=5'],
    ['http.target', '/api/orders?limit=5&%71=ada=b', '/api/orders?limit=5&%71=REDACTED'],
    ['http.target', '/api/orders?q=ada&q=grace', '/api/orders?q=REDACTED&q=REDACTED'],
  ])('does not keep in %s what was searched for: %s', (name, value, expected) => {
    expect(masked({ [name]: value })).toEqual({ [name]: expected });
  });

  it('keeps everything else', () => {
    const attributes = {
      'url.query': 'eq=1&limit=5&%71q=2&%zz=q&=q',
      'url.path': '/api/orders',
      'http.response.status_code': 200,
    };
    expect(masked({ ...attributes })).toEqual(attributes);
  });
});
