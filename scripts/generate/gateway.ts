import type { Operation } from '../../src/shared/http/operation.ts';
import { type App, operationsByApp } from './load-operations.ts';

/** Folder of the gateway's API description, relative to the project's root. */
export const GATEWAY_FOLDER = 'infra/gateway';

/** How the gateway handles an operation. Each kind has a policy file; see infra/modules/api-management.bicep. */
type Kind = 'request' | 'public' | 'ofEachApp';

interface GatewayOperation {
  /** The operation's name in API Management. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly app: App;
  readonly kind: Kind;
  readonly anonymous: boolean;
  /** Anonymous where the deployment makes the catalogue public. */
  readonly publicBySetting: boolean;
}

/** The files that describe the API to API Management, by name: the operations with their apps, and a reduced OpenAPI document. */
export function gatewayFiles(): ReadonlyMap<string, string> {
  const operations = [...operationsByApp()]
    .flatMap(withHead)
    .sort(([a], [b]) => a.route.localeCompare(b.route, 'en') || a.method.localeCompare(b.method, 'en'));
  return new Map([
    ['operations.json', toText(operations.map(toGatewayOperation))],
    ['openapi.json', toText(toOpenApi(operations.map(([operation]) => operation)))],
  ]);
}

/** The gateway answers HEAD wherever it answers GET, as the apps do; in API Management each method is an operation of its own. */
function withHead([operation, apps]: OfApps): readonly OfApps[] {
  if (operation.method !== 'GET') return [[operation, apps]];
  return [
    [operation, apps],
    [{ ...operation, name: `${operation.name}-head`, method: 'HEAD' }, apps],
  ];
}

type OfApps = readonly [operation: Operation, apps: readonly App[]];

const toText = (content: object) => `${JSON.stringify(content, undefined, 2)}\n`;

function toGatewayOperation([operation, apps]: OfApps): GatewayOperation {
  const { method, route, roles } = operation;
  const publicBySetting = operation.publicBySetting !== undefined;
  const [app = 'queries'] = apps.length === 1 ? apps : [];
  const anonymous = roles.length === 0;
  const kind = kindOf(operation, apps);
  return { name: nameOf(operation), method, path: `/${route}`, app, kind, anonymous, publicBySetting };
}

function kindOf({ roles }: Operation, apps: readonly App[]): Kind {
  if (apps.length > 1) return 'ofEachApp';
  return roles.length === 0 ? 'public' : 'request';
}

/** The import lowercases ids: https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions */
const nameOf = ({ name }: Operation) => name.toLowerCase();

/**
 * Contains only methods, paths and summaries. The full description exceeds the size that a template can load (131,072 characters), and
 * API Management does not support most of it. Clients read it at GET /api/openapi.json.
 */
function toOpenApi(operations: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = `/${operation.route}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: toPathItem(operation) };
  }
  return { openapi: '3.0.3', info: { title: 'Orders', version: '1' }, paths };
}

function toPathItem(operation: Operation): object {
  const names = [...operation.route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const parameters = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const answers = Object.entries(operation.answers);
  const responses = Object.fromEntries(answers.map(([status, { description }]) => [status, { description }]));
  return { operationId: nameOf(operation), summary: operation.summary, parameters, responses };
}
