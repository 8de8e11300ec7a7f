import { newAggregate } from './aggregate.ts';
import { existingAggregate } from './aggregates.ts';
import type { Changes } from './changes.ts';
import { newCommand } from './command.ts';
import { NotGenerated } from './not-generated.ts';
import { newReadModel } from './read-model.ts';
import { undecided } from './to-decide.ts';

/** The options of the command line. */
export interface Options {
  readonly aggregate?: string | undefined;
  readonly event?: string | undefined;
}

/**
 * Generates in memory what the command line asks for.
 * @param words what to generate, and its name
 * @returns what the developer decides next
 * @throws NotGenerated when it cannot be generated
 */
export function generate(changes: Changes, words: readonly string[], options: Options): readonly string[] {
  return [...decisions(changes, words, options), ...undecided(changes)];
}

function decisions(
  changes: Changes,
  [kind, name, ...others]: readonly string[],
  { aggregate, event }: Options,
): readonly string[] {
  if (name === undefined) throw new NotGenerated('Name what to generate. Try --help.');
  if (others.length > 0) {
    throw new NotGenerated(
      `"${others.join(' ')}" is one name too many. npm passes options on only after " -- ". Try --help.`,
    );
  }
  if (kind !== 'command' && event !== undefined) throw new NotGenerated('Only a command has the option --event.');
  switch (kind) {
    case 'command':
      return newCommand(changes, name, { aggregate: aggregate ?? 'Order', event });
    case 'read-model':
      return newReadModel(changes, name, existingAggregate(aggregate ?? 'Order'));
    case 'aggregate':
      if (aggregate !== undefined) throw new NotGenerated('A new aggregate has no option --aggregate.');
      return newAggregate(changes, name);
    default:
      throw new NotGenerated(`"${kind}" cannot be generated: it is command, read-model or aggregate. Try --help.`);
  }
}
