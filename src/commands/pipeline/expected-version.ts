import { Problem } from '../../shared/http/problem.ts';
import type { CommandEnvelope, PreparedCommand } from './command.ts';

/** Optimistic concurrency: throws Problem `version-mismatch` when If-Match names another version than the present one. */
export function checkExpectedVersion(
  { expectedVersion }: CommandEnvelope,
  prepared: PreparedCommand,
  version: number,
): void {
  if (expectedVersion === undefined || expectedVersion === 'any' || expectedVersion === version) return;
  if (version === 0) throw nothingThere(prepared, `version ${expectedVersion}`);
  const detail = `If-Match expects version ${expectedVersion} of ${nameOf(prepared)}, but its version is ${version}`;
  throw new Problem('version-mismatch', `${detail}: ${readAgain(prepared, version)}`, { facts: { version } });
}

/**
 * `If-Match: *` requires that the aggregate exists. Checked after the decision, because a response without the condition that is an
 * error, such as 404, takes precedence (RFC 9110, section 13.2.1).
 */
export function requireExisting(
  { expectedVersion }: CommandEnvelope,
  prepared: PreparedCommand,
  version: number,
): void {
  if (expectedVersion !== 'any' || version > 0) return;
  throw nothingThere(prepared, 'any version');
}

/** The problem when the aggregate does not exist, or the caller may not see it: no version can match. */
function nothingThere(prepared: PreparedCommand, expected: string): Problem {
  const noSuch = `no such ${prepared.aggregateType.toLowerCase()}`;
  const detail = `If-Match expects ${expected} of ${nameOf(prepared)}, but there is ${noSuch} that you may see`;
  return new Problem('version-mismatch', `${detail}: send the request without If-Match.`, { facts: { version: 0 } });
}

function nameOf({ aggregateType, aggregateId }: PreparedCommand): string {
  return `${aggregateType.toLowerCase()} ${aggregateId}`;
}

/** How a client reads what has changed. Only an order has a query with its own version. */
function readAgain({ aggregateType, aggregateId }: PreparedCommand, version: number): string {
  if (aggregateType !== 'Order') return 'send the request again with this version, if you still want the change.';
  const route = `/api/orders/${encodeURIComponent(aggregateId)}?minVersion=${version}`;
  return `read it again with GET ${route}, and retry with its version.`;
}
