/**
 * The Cosmos DB id for an opaque id. `/ \ ? #` may not stand in a document's id
 * (https://learn.microsoft.com/azure/cosmos-db/resource-model), so an id beyond the plain characters is kept as base64url behind
 * a `~`, which no plain id has.
 */
export function documentId(id: string): string {
  return /^[\w.:@-]+$/.test(id) ? id : `~${Buffer.from(id).toString('base64url')}`;
}
