import { requireRole } from '../../shared/auth/require-role.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Command, CommandAnswer, CommandEnvelope } from './command.ts';
import { type HandleDependencies, handleCommand } from './handle-command.ts';

export interface CommandBus {
  /** Executes a command at most once. Throws Problem when the command is not accepted. */
  dispatch(envelope: CommandEnvelope): Promise<CommandAnswer>;
}

/** One step around the handling of a command. */
export type Dispatch = (command: Command, envelope: CommandEnvelope) => Promise<CommandAnswer>;
export type Middleware = (next: Dispatch) => Dispatch;

/** Creates a bus for the commands. The first middleware is the outermost. */
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
      throw new Problem('unknown-command', `There is no command "${envelope.commandType}". Known commands: ${known}.`);
    },
  };
}

/**
 * Requires that the caller has one of the command's roles, and hides the caller's other roles from the handler. For example, a
 * customer who is also a warehouse worker must not be able to cancel someone else's order.
 */
export const authorize: Middleware = (next) => async (command, envelope) => {
  const { actor } = envelope;
  requireRole(actor, command.type, command.roles);
  const roles = new Set(command.roles.filter((role) => actor.roles.has(role)));
  return next(command, { ...envelope, actor: { ...actor, roles } });
};
