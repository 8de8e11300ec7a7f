import type { Operation } from '../../src/shared/http/operation.ts';
import { type App, operationsByApp } from './load-operations.ts';

/** Where the gateway's description is kept, below the project's folder. */
export const GATEWAY_FOLDER = 'infra/gateway';

/** How the gateway treats an operation; each has its policy file, see infra/modules/api-management.bicep. */
type Kind = 'request' | 'stream' | 'public' | 'ofEachApp';

interface GatewayOperation {
  /** The operation's name in API Management. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly app: App;
  readonly kind: Kind;
  readonly anonymous: boolean;
}

/** The files that tell API Management of the API, by name: its operations with their apps, and an OpenAPI document of them. */
export function gatewayFiles(): ReadonlyMap<string, string> {
  const operations = [...operationsByApp()].sort(
    ([a], [b]) => a.route.localeCompare(b.route, 'en') || a.method.localeCompare(b.method, 'en'),
  );
  return new Map([
    ['operations.json', toText(operations.map(toGatewayOperation))],
    ['openapi.json', toText(toOpenApi(operations.map(([operation]) => operation)))],
  ]);
}

const toText = (content: object) => `${JSON.stringify(content, undefined, 2)}\n`;

function toGatewayOperation([operation, apps]: readonly [Operation, readonly App[]]): GatewayOperation {
  const { method, route, roles } = operation;
  const [app = 'queries'] = apps.length === 1 ? apps : [];
  const anonymous = roles.length === 0;
  return { name: nameOf(operation), method, path: `/${route}`, app, kind: kindOf(operation, apps), anonymous };
}

function kindOf({ answers, roles }: Operation, apps: readonly App[]): Kind {
  if (apps.length > 1) return 'ofEachApp';
  if (Object.values(answers).some(({ mediaType }) => mediaType === 'text/event-stream')) return 'stream';
  return roles.length === 0 ? 'public' : 'request';
}

/** The import makes names of ids so: https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions */
const nameOf = ({ name }: Operation) => name.toLowerCase();

/**
 * Methods, paths and summaries alone. The whole description is larger than a template can load (131,072 characters), and most of
 * what it says API Management does not take; clients read it at GET /api/openapi.json.
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
