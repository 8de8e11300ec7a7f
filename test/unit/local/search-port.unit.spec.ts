import { expect, it } from 'vitest';
import { searchPortOf } from '../../../local/search-port.ts';

it.each([
  ['http://localhost:8083', 8083],
  ['http://127.0.0.1:8083/', 8083],
  ['https://orders.search.windows.net', undefined],
  ['http://search.example:8083', undefined],
  ['', undefined],
])('SEARCH_ENDPOINT=%s starts the stand-in for Azure AI Search on port %s', (endpoint, port) => {
  expect(searchPortOf({ SEARCH_ENDPOINT: endpoint })).toBe(port);
});

it('without SEARCH_ENDPOINT no stand-in for Azure AI Search is started', () => {
  expect(searchPortOf({})).toBeUndefined();
});
