import type { HttpRequest } from '@azure/functions';

/** The parameters of the query string by name. Repeated parameters are joined with a comma, as the Functions host does. */
export function queryParameters({ query }: HttpRequest): Readonly<Record<string, string>> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));
}
