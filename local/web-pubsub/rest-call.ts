/** Which operation of the REST API a request calls: https://learn.microsoft.com/rest/api/webpubsub/dataplane */
import type { IncomingMessage } from 'node:http';
import type { ConnectionSelector } from './connections.ts';
import { requestUrl } from './http-request.ts';

/** Method and path below `/api/hubs/{hub}`, with `*` for the name of a group, user or connection. */
const operations = {
  'POST /:send': 'SendToAll',
  'POST /groups/*/:send': 'SendToGroup',
  'POST /users/*/:send': 'SendToUser',
  'POST /connections/*/:send': 'SendToConnection',
  'POST /:closeConnections': 'CloseAllConnections',
  'POST /groups/*/:closeConnections': 'CloseGroupConnections',
  'POST /users/*/:closeConnections': 'CloseUserConnections',
  'DELETE /connections/*': 'CloseConnection',
  'HEAD /groups/*': 'GroupExists',
  'HEAD /users/*': 'UserExists',
  'HEAD /connections/*': 'ConnectionExists',
  'POST /:generateToken': 'GenerateClientToken',
} as const;

/** The operations of a hub, by their names in the REST API. */
export type HubOperation = (typeof operations)[keyof typeof operations];

/** `Unknown` is what this stand-in does not answer. */
export type RestOperation = HubOperation | 'GetServiceStatus' | 'Unknown';

export interface HubCall {
  readonly operation: HubOperation;
  readonly hub: string;
  /** The connections that the call is about. */
  readonly selector: ConnectionSelector;
  readonly query: URLSearchParams;
}

export type RestCall =
  | HubCall
  | { readonly operation: 'GetServiceStatus'; readonly hub?: undefined }
  | { readonly operation: 'Unknown'; readonly hub?: undefined };

const HUB_PATH =
  /^\/api\/hubs\/(?<hub>[^/]+)(?:\/(?<collection>groups|users|connections)\/(?<name>[^/]+))?(?<action>\/[^/]+)?$/;

export function restCall(request: IncomingMessage): RestCall {
  const { pathname, searchParams: query } = requestUrl(request);
  if (request.method === 'HEAD' && pathname === '/api/health') return { operation: 'GetServiceStatus' };
  const path = HUB_PATH.exec(pathname)?.groups;
  if (path === undefined) return { operation: 'Unknown' };
  const { collection, name = '', action = '' } = path;
  const operation = operationOf(`${request.method} ${collection === undefined ? '' : `/${collection}/*`}${action}`);
  if (operation === undefined) return { operation: 'Unknown' };
  const hub = decoded(path.hub ?? '').toLowerCase();
  const selector = selectorOf(collection, { hub, excluded: query.getAll('excluded') }, decoded(name));
  return { operation, hub, selector, query };
}

function operationOf(route: string): HubOperation | undefined {
  return new Map<string, HubOperation>(Object.entries(operations)).get(route);
}

function selectorOf(
  collection: string | undefined,
  scope: { readonly hub: string; readonly excluded: readonly string[] },
  name: string,
): ConnectionSelector {
  switch (collection) {
    case 'groups':
      return { ...scope, by: 'group', group: name };
    case 'users':
      return { ...scope, by: 'user', userId: name };
    case 'connections':
      return { ...scope, by: 'id', connectionId: name };
    default:
      return { ...scope, by: 'hub' };
  }
}

/** A name that is not URL-encoded UTF-8 is taken as it is. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
