import type { AuthenticatedCall } from '../shared/http/authenticated-operation.ts';
import type { Operation } from '../shared/http/operation.ts';
import { logLine } from '../shared/telemetry/log-line.ts';

/** Message of the log line about what an admin has changed other than by a command. docs/operations.md has the query. */
const ADMIN_CHANGE = 'admin-change';

/** What was changed: its id, named as in responses. */
type Changed = { readonly webhookId: string } | { readonly replayId: string } | { readonly deadLetterId: string };

/** The call by which an admin changes something. */
export type AdminCall = Pick<AuthenticatedCall, 'context' | 'actor' | 'correlationId'>;

/** Logs who has changed what, with ids only. Events have the user of a command, but only the log has the user of other changes. */
export function logChange(
  { context, actor, correlationId }: AdminCall,
  { name: operation }: Operation,
  changed: Changed,
): void {
  context.info(logLine(ADMIN_CHANGE, { userId: actor.userId, operation, correlationId, ...changed }));
}
