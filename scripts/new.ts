/** Generates code in the style of this project, with its tests: `npm run new`. */
import { readOptions } from './cli/read-options.ts';
import { Changes } from './new/changes.ts';
import { generate } from './new/generate.ts';
import { NotGenerated } from './new/not-generated.ts';
import { updateSnapshots, writeAll } from './new/write.ts';

/** The working directory, which npm sets to the project's root. */
const ROOT = '.';

const HELP = `Generates code with passing tests, and adds it to every list that must include it. Adapt the result afterwards.

  npm run new command <Name> [-- options]       a command with its route, its event and its decision: RecordDeliveryAttempt
  npm run new read-model <name> [-- options]    a read model with its container, its projection and its query: delivery-times
  npm run new aggregate <Name>                  an aggregate with its tables, events and decider, a command and a read model: Supplier

  --aggregate <Name>  the aggregate that the command changes, or that the read model shows (default: Order)
  --event <Name>      the event of a command, in the past tense (default: of RecordDeliveryAttempt, DeliveryAttemptRecorded)
  --help              this text

Names of commands and aggregates are in PascalCase, names of read models in kebab-case. An aggregate is in the singular.

Either all files are written or none. Exit code: 0 on success, 1 on failure, 2 for an invalid option.`;

const { values, positionals } = readOptions({
  allowPositionals: true,
  options: {
    aggregate: { type: 'string' },
    event: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

async function main(): Promise<void> {
  const changes = new Changes(ROOT);
  const decisions = generate(changes, positionals, values);
  await writeAll(changes.files, ROOT);
  const files = [...changes.files.keys()].sort();
  console.log(`Written, and what "npm run generate" writes:\n\n${indented(files)}\n`);
  console.log('Updating the snapshots of the template …');
  const { updated, reason } = updateSnapshots(ROOT);
  if (reason !== '') console.error(`\nThe check of the template failed:\n\n${reason}`);
  const next = updated ? [CHECK] : [UPDATE, CHECK];
  console.log(`\nTo decide:\n\n${indented(decisions)}\n\nThen:\n\n${indented([...next, TELL])}`);
}

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n');

const UPDATE = 'npm run infra:check -- --update: the snapshots could not be updated, and a test fails until they are';
const CHECK = 'npm run generate && npm run -s typecheck && npm run -s lint && npm test, after every change';
const TELL = 'CHANGELOG.md: a line for users of the API';

try {
  if (values.help) console.log(HELP);
  else await main();
} catch (error) {
  if (!(error instanceof NotGenerated)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
