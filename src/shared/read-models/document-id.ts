/**
 * Converts an opaque id to a Cosmos DB document id, which cannot contain `/ \ ? #`
 * (https://learn.microsoft.com/azure/cosmos-db/resource-model). An id with other than plain characters becomes `~` and its
 * base64url; a plain id has no `~`.
 */
export function documentId(id: string): string {
  return /^[\w.:@-]+$/.test(id) ? id : `~${Buffer.from(id).toString('base64url')}`;
}
