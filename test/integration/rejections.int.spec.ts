import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commands } from '../../src/commands/functions.ts';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { Problem } from '../../src/shared/http/problem.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { commandSequences, GIVEN } from '../support/commands/random-commands.ts';

/** What the description says of every command. */
const ANY_COMMAND = ['validation-failed', 'forbidden'];
const SAID = new Map(commands.map(({ type, rejections }) => [type, new Set<string>([...ANY_COMMAND, ...rejections])]));

/** The refusals of a sequence that the commands' definitions do not speak of. */
async function unsaid(sequence: readonly SentCommand[]): Promise<readonly string[]> {
  const { database } = await openDatabase(':memory:');
  const store = new SqliteWriteStore(database);
  const bus = openCommandBus(store);
  const found: string[] = [];
  for (const command of [...GIVEN, ...sequence]) {
    const code = await bus.dispatch(envelopeOf(command)).then(() => undefined, codeOf);
    if (code !== undefined && !SAID.get(command.type)?.has(code)) found.push(`${command.type}: ${code}`);
  }
  await store.close();
  return found;
}

function codeOf(error: unknown): string {
  if (error instanceof Problem) return error.code;
  throw error;
}

it('a command is refused only with what its definition says', async () => {
  const property = fc.asyncProperty(commandSequences, async (sequence) => {
    expect(await unsaid(sequence)).toEqual([]);
  });
  await fc.assert(property, { numRuns: 200 });
});
