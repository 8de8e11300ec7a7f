import { createHmac, createSecretKey } from 'node:crypto';
import type { CosmosClientOptions } from '@azure/cosmos';

/**
 * The account of a connection string, whose key signs the requests:
 * https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources
 * The SDK would sign them, too, but it imports the key for each request, which takes several times as long as the signature.
 * @throws {Error} when the connection string has no endpoint or no key
 */
export function accountWithKey(connectionString: string): Pick<CosmosClientOptions, 'endpoint' | 'tokenProvider'> {
  const endpoint = partOf(connectionString, 'AccountEndpoint');
  const key = createSecretKey(partOf(connectionString, 'AccountKey'), 'base64');
  const tokenProvider: CosmosClientOptions['tokenProvider'] = async ({ verb, resourceType, resourceId, headers }) => {
    const lines = [verb.toLowerCase(), resourceType, resourceId, String(headers['x-ms-date']).toLowerCase(), '', ''];
    const signature = createHmac('sha256', key).update(lines.join('\n')).digest('base64');
    return `type=master&ver=1.0&sig=${signature}`;
  };
  return { endpoint, tokenProvider };
}

function partOf(connectionString: string, name: string): string {
  const part = connectionString.split(';').find((text) => text.startsWith(`${name}=`));
  if (part === undefined) throw new Error(`The connection string of Cosmos DB has no ${name}.`);
  return part.slice(name.length + 1);
}
