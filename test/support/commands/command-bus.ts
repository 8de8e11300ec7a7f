import { randomUUID } from 'node:crypto';
import { commands } from '../../../src/commands/functions.ts';
import { expireOrder } from '../../../src/commands/orders/expire-order.ts';
import type { Command, CommandEnvelope } from '../../../src/commands/pipeline/command.ts';
import { authorize, type CommandBus, createCommandBus } from '../../../src/commands/pipeline/command-bus.ts';
import type { HandleDependencies } from '../../../src/commands/pipeline/handle-command.ts';
import type { Actor, Role } from '../../../src/shared/auth/authenticate.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { testMasterKey } from '../events/personal-data.ts';

/** A command as a test states it. Omitted fields have no effect on the test. */
export interface SentCommand {
  readonly type: string;
  /** The id of the aggregate, for a command on an existing one. */
  readonly on?: string;
  readonly data?: unknown;
  /** Role of the sender; the role customer includes a customer id, and an admin may have a user id. Default: admin. */
  readonly as?: Role | { readonly customer: string } | { readonly admin: string };
  /** Default: a new unique id. */
  readonly commandId?: string;
  /** ISO 8601 UTC. */
  readonly at?: string;
}

/** The defaults of the settings, with a deadline that no test reaches. */
export const SETTINGS: HandleDependencies['settings'] = {
  defaultCurrency: 'USD',
  customerOrderIds: 'any',
  maxOpenDrafts: 1_000,
  erasureNeedsSecondPerson: false,
  deadlineMs: 120_000,
};

/** The commands that the app gives itself. */
export const INTERNAL_COMMANDS: readonly Command[] = [expireOrder];

/** The bus with every command, those of the app itself included, on a write store. By default, it publishes nothing. */
export function openCommandBus(
  store: HandleDependencies['store'],
  publish: HandleDependencies['publish'] = () => {},
  masterKey: HandleDependencies['masterKey'] = testMasterKey,
  {
    runtime = systemRuntime,
    ...changes
  }: Partial<HandleDependencies['settings'] & Pick<HandleDependencies, 'runtime'>> = {},
): CommandBus {
  const dependencies = { store, publish, masterKey, settings: { ...SETTINGS, ...changes }, runtime };
  const bus = createCommandBus(commands, dependencies, [authorize]);
  const internalBus = createCommandBus(INTERNAL_COMMANDS, dependencies, []);
  const isInternal = (commandType: string) => INTERNAL_COMMANDS.some(({ type }) => type === commandType);
  return { dispatch: (envelope) => (isInternal(envelope.commandType) ? internalBus : bus).dispatch(envelope) };
}

/** When requests are received that do not say when. */
export const RECEIVED_AT = '2026-01-15T10:30:00.000Z';

/** The envelope of a request with this command. */
export function envelopeOf(command: SentCommand): CommandEnvelope {
  const { type, on, data = {}, as = 'admin', commandId = randomUUID(), at = RECEIVED_AT } = command;
  return {
    commandId,
    commandType: type,
    aggregateId: on,
    newAggregateId: randomUUID(),
    data,
    expectedVersion: undefined,
    actor: actorOf(as),
    receivedAt: at,
    correlationId: 'correlation-1',
    traceparent: undefined,
    source: 'test',
  };
}

function actorOf(as: Required<SentCommand>['as']): Actor {
  if (typeof as === 'string') return { userId: as, roles: new Set([as]), customerId: undefined };
  if ('admin' in as) return { userId: as.admin, roles: new Set(['admin']), customerId: undefined };
  return { userId: as.customer, roles: new Set(['customer']), customerId: as.customer };
}
