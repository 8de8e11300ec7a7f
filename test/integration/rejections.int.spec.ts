import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commands } from '../../src/commands/functions.ts';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { Problem } from '../../src/shared/http/problem.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { envelopeOf, INTERNAL_COMMANDS, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { commandSequences, GIVEN } from '../support/commands/random-commands.ts';

/** Rejections that every command declares implicitly. */
const ANY_COMMAND = ['validation-failed', 'forbidden'];
const DECLARED = new Map(
  [...commands, ...INTERNAL_COMMANDS].map(({ type, rejections }) => [
    type,
    new Set<string>([...ANY_COMMAND, ...rejections]),
  ]),
);

/** The rejections in a sequence that the definitions of the commands do not declare. */
async function undeclaredRejections(sequence: readonly SentCommand[]): Promise<readonly string[]> {
  const { database } = await openDatabase(':memory:', systemRuntime);
  const store = new SqliteWriteStore(database, systemRuntime);
  const bus = openCommandBus(store);
  const found: string[] = [];
  for (const command of [...GIVEN, ...sequence]) {
    const code = await bus.dispatch(envelopeOf(command)).then(() => undefined, codeOf);
    if (code !== undefined && !DECLARED.get(command.type)?.has(code)) found.push(`${command.type}: ${code}`);
  }
  await store.close();
  return found;
}

function codeOf(error: unknown): string {
  if (error instanceof Problem) return error.code;
  throw error;
}

it('a command is rejected only with a code that its definition declares', async () => {
  const property = fc.asyncProperty(commandSequences, async (sequence) => {
    expect(await undeclaredRejections(sequence)).toEqual([]);
  });
  await fc.assert(property, { numRuns: 100 });
});
