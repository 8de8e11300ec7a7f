import type { HttpResponseInit } from '@azure/functions';
import type { Actor, Role } from '../auth/authenticate.ts';
import { logLine } from '../telemetry/log-line.ts';
import type { Call } from './endpoint.ts';
import type { Operation } from './operation.ts';

/** Message of the log line about a read of personal data. docs/operations.md has the query. */
export const PERSONAL_DATA_READ = 'personal-data-read';

/** Who has read which records: ids only, never the data. */
interface PersonalDataRead {
  readonly userId: string;
  /** The roles in which the caller reads personal data of others. */
  readonly roles: readonly Role[];
  readonly operation: string;
  readonly correlationId: string;
  readonly customerIds: readonly string[];
  readonly orderIds: readonly string[];
}

/** Logs a read of other people's personal data: one line of JSON. */
export function traceRead(
  { request, context, actor, correlationId }: Call & { readonly actor: Actor },
  { name, tracedReaders = [] }: Operation,
  { status = 200, jsonBody }: HttpResponseInit,
): void {
  const roles = tracedReaders.filter((role) => actor.roles.has(role));
  if (roles.length === 0 || status >= 300) return;
  const idsOf = (field: 'customerId' | 'orderId') => [
    ...new Set([...textIn(request.params[field]), ...idsIn(jsonBody, field)]),
  ];
  const read: PersonalDataRead = {
    userId: actor.userId,
    roles,
    operation: name,
    correlationId,
    customerIds: idsOf('customerId'),
    orderIds: idsOf('orderId'),
  };
  context.info(logLine(PERSONAL_DATA_READ, { ...read }));
}

/** The ids in a document, or in the entries of a list. */
function idsIn(body: unknown, field: string): readonly string[] {
  if (typeof body !== 'object' || body === null) return [];
  const items: unknown = Reflect.get(body, 'items');
  const own = textIn(Reflect.get(body, field));
  return Array.isArray(items) ? [...own, ...items.flatMap((item) => idsIn(item, field))] : own;
}

const textIn = (id: unknown): readonly string[] => (typeof id === 'string' ? [id] : []);
