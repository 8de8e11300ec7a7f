import { randomUUID } from 'node:crypto';
import { commands } from '../../../src/commands/functions.ts';
import type { CommandEnvelope } from '../../../src/commands/pipeline/command.ts';
import { authorize, type CommandBus, createCommandBus } from '../../../src/commands/pipeline/command-bus.ts';
import type { HandleDependencies } from '../../../src/commands/pipeline/handle-command.ts';
import type { Role } from '../../../src/shared/auth/authenticate.ts';
import { testMasterKey } from '../events/personal-data.ts';

/** A command as a test writes it; what it leaves out is unimportant to it. */
export interface SentCommand {
  readonly type: string;
  /** The aggregate, for a command on what exists. */
  readonly on?: string;
  readonly data?: unknown;
  /** Role of who sends it; the role customer comes with a customer's id. Default: admin. */
  readonly as?: Role | { readonly customer: string };
  /** Default: one that nothing else has. */
  readonly commandId?: string;
  /** ISO 8601 UTC. */
  readonly at?: string;
}

/** The bus with every command, on a write store; what it publishes goes where the test says, by default nowhere. */
export function openCommandBus(
  store: HandleDependencies['store'],
  publish: HandleDependencies['publish'] = () => {},
  masterKey: HandleDependencies['masterKey'] = testMasterKey,
): CommandBus {
  return createCommandBus(commands, { store, publish, masterKey, settings: { defaultCurrency: 'USD' } }, [authorize]);
}

/** The envelope that a request with this command would make. */
export function envelopeOf(command: SentCommand): CommandEnvelope {
  const { type, on, data = {}, as = 'admin', commandId = randomUUID(), at = '2026-01-15T10:30:00.000Z' } = command;
  const [role, customerId]: readonly [Role, string?] = typeof as === 'string' ? [as] : ['customer', as.customer];
  return {
    commandId,
    commandType: type,
    aggregateId: on,
    data,
    expectedVersion: undefined,
    actor: { userId: customerId ?? role, roles: new Set([role]), customerId },
    receivedAt: at,
    correlationId: 'correlation-1',
    traceparent: undefined,
    source: 'test',
  };
}
