import { requireRole } from '../../shared/auth/require-role.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Command, CommandAnswer, CommandEnvelope } from './command.ts';
import { type HandleDependencies, handleCommand } from './handle-command.ts';

export interface CommandBus {
  /** Carries out a command once. Throws Problem for everything that keeps it from being accepted. */
  dispatch(envelope: CommandEnvelope): Promise<CommandAnswer>;
}

/** One step around the handling of a command. */
export type Dispatch = (command: Command, envelope: CommandEnvelope) => Promise<CommandAnswer>;
export type Middleware = (next: Dispatch) => Dispatch;

/** A bus over the commands given, with its middleware from the outside in. */
export function createCommandBus(
  commands: readonly Command[],
  dependencies: HandleDependencies,
  middleware: readonly Middleware[],
): CommandBus {
  const byType = new Map(commands.map((command) => [command.type, command]));
  const handle: Dispatch = (command, envelope) => handleCommand(command, envelope, dependencies);
  const dispatch = middleware.reduceRight((next, wrap) => wrap(next), handle);
  return {
    dispatch: async (envelope) => {
      const command = byType.get(envelope.commandType);
      if (command !== undefined) return dispatch(command, envelope);
      const known = [...byType.keys()].join(', ');
      throw new Problem('unknown-command', `There is no command "${envelope.commandType}". Known are ${known}.`);
    },
  };
}

/**
 * Lets a command through for callers who have one of its roles. The handler sees no other roles of theirs: being a warehouse
 * worker, too, gives a customer no right to cancel someone else's order.
 */
export const authorize: Middleware = (next) => async (command, envelope) => {
  const { actor } = envelope;
  requireRole(actor, command.type, command.roles);
  const roles = new Set(command.roles.filter((role) => actor.roles.has(role)));
  return next(command, { ...envelope, actor: { ...actor, roles } });
};
