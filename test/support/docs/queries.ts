import { codesIn, type Row, rowsOf } from './markdown-tables.ts';

/** The rows of the table of questions in docs/queries.md. */
export const rowsOfQueries = (text: string): readonly Row[] => rowsOf(text).filter((row) => 'question' in row);

/** The requests that a cell names: `GET /orders?status=submitted`. */
export const requestsIn = (cell?: string): readonly string[] => codesIn(cell).filter((code) => /^[A-Z]+ \//.test(code));

/** The route of a request in the published description. */
export const routeOf = (request: string): string =>
  request.replace(/\?.*$/, '').replace(/^(GET \/analytics\/reports)\/[\w-]+$/, '$1/{name}');
