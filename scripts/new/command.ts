import { EVENT_CONTRACTS } from '../../src/shared/events/envelope.ts';
import { type AggregateNames, existingAggregate, renamedAggregate } from './aggregates.ts';
import type { Changes } from './changes.ts';
import type { CommandNames } from './command-names.ts';
import { addToDecider } from './decider-command.ts';
import { addEntryPoint, COMMAND_TEST, requireFreeOperation } from './documents.ts';
import { namesOf, requireUsable, wordsOfPascal } from './names.ts';
import { NotGenerated } from './not-generated.ts';
import { addToOrder } from './order-command.ts';
import { eventOf } from './past-tense.ts';
import { renamed, render } from './render.ts';
import { summaryOf } from './summary.ts';
import { toDecide } from './to-decide.ts';

interface CommandOptions {
  /** Name of the aggregate. */
  readonly aggregate: string;
  /** Default: the words of the command with the verb last, in the past tense. */
  readonly event?: string | undefined;
}

/**
 * Generates a command that records a reason in an event and changes nothing else.
 * @returns what the developer decides next
 */
export function newCommand(changes: Changes, name: string, options: CommandOptions): readonly string[] {
  const words = wordsOfPascal(name, 'a command');
  const command = namesOf(words);
  const aggregate = existingAggregate(options.aggregate);
  const event = namesOf(options.event === undefined ? eventOf(words) : wordsOfPascal(options.event, 'an event'));
  const generated = { command, event, aggregate, route: routeOf(words, aggregate) };
  const isOrder = aggregate.one.pascal === 'Order';
  const domain = isOrder ? `${aggregate.folder}/domain/commands.ts` : aggregate.domain;
  requireFree(changes, generated, domain);
  addFiles(changes, generated, {
    template: isOrder ? 'command-on-order' : 'command',
    summary: summaryOf(words, isOrder ? 'confirmed order' : aggregate.one.words, aggregate.one.words),
  });
  addEvent(changes, generated, isOrder);
  (isOrder ? addToOrder : addToDecider)(changes, generated);
  addToTables(changes, generated);
  return [
    `Is ${event.pascal} the right name for the event? It cannot be renamed once an event has been stored.`,
    `What does ${command.pascal} need besides a reason? See ${fileOf(generated)}, ${domain} and ${aggregate.events}.`,
    `When is it accepted, and what does it change? See ${isOrder ? `${aggregate.folder}/domain/decide.ts and order.ts` : domain}.`,
    `Who may send it? See ${fileOf(generated)}, CONTRACT in test/e2e/registry.e2e.spec.ts, and docs/threat-model.md.`,
  ];
}

/** `orders/{orderId}/ship` for ShipOrder. */
function routeOf(words: readonly string[], { one, many }: AggregateNames): string {
  const action = words.join('-').replace(new RegExp(`(?<=.)-${one.kebab}$`), '');
  return `${many.kebab}/{${one.camel}Id}/${action}`;
}

const fileOf = ({ command, aggregate }: CommandNames) => `${aggregate.folder}/${command.kebab}.ts`;

function requireFree(changes: Changes, { command, event, route }: CommandNames, domain: string): void {
  requireUsable(command);
  const { pascal, camel } = command;
  const places = [
    { path: 'src/commands/functions.ts', name: `\\[${camel},` },
    { path: domain, name: `\\b${pascal}\\b` },
    // The decision about an order becomes a function there.
    { path: 'src/commands/orders/domain/decide.ts', name: `\\b${camel}[,(<]` },
  ];
  if (places.some(({ path, name }) => new RegExp(name).test(changes.text(path)))) {
    throw new NotGenerated(`The name ${pascal} is taken: choose another one.`);
  }
  if (EVENT_CONTRACTS.has(event.pascal)) {
    throw new NotGenerated(
      `There is an event ${event.pascal} already: give the event of ${command.pascal} another name with --event.`,
    );
  }
  requireFreeOperation(camel, `POST /${route}`);
}

function addFiles(
  changes: Changes,
  generated: CommandNames,
  { template, summary }: { readonly template: string; readonly summary: string },
): void {
  const { command, event, aggregate } = generated;
  const replacements = {
    ...renamedAggregate(aggregate),
    ...renamed(namesOf(['mark', 'fragile']), command),
    ...renamed(namesOf(['fragile', 'marked']), event),
    'The summary.': summary,
  };
  const test = `test/unit/commands/${command.kebab}.unit.spec.ts`;
  changes.create(fileOf(generated), render(`${template}.ts`, replacements));
  changes.create(test, render(`${template}.unit.spec.ts`, replacements));
}

/** A reason can name a person. The events of a product and of generated aggregates are about nobody, so no key encrypts it there. */
function addEvent(
  changes: Changes,
  { command, event, aggregate: { one, events } }: CommandNames,
  isOrder: boolean,
): void {
  const mark = one.pascal === 'Customer' ? 'personal' : 'nonPersonal';
  const data = isOrder ? '{ reason }' : `{ reason: ${mark}(z.string()) }`;
  const status = isOrder ? `, statusAfter: 'unchanged'` : '';
  changes.addEntry(
    events,
    new RegExp(`export const ${one.camel}Events = \\{`),
    `  ${event.pascal}: { version: 1, data: z.strictObject(${data})${status} }`,
  );
  changes.addAfter(
    'docs/events/README.md',
    new RegExp(`^- \\*\\*${one.pascal}\\*\\*: [\\s\\S]*?(?=\\n\\n|\\n- )`, 'm'),
    ` ${command.pascal} produces ${event.pascal}.`,
  );
}

/** Adds the command to the table of functions, to the tests that know every command, and to the threat model. */
function addToTables(changes: Changes, generated: CommandNames): void {
  const { command, route } = generated;
  const functions = 'src/commands/functions.ts';
  changes.addImport(functions, command.camel, fileOf(generated).replace('src/commands/', './'));
  changes.addEntry(functions, /const routes: .* = \[/, `  [${command.camel}, { method: 'POST', route: '${route}' }]`);
  addToTests(changes, generated);
  addEntryPoint(changes, {
    routes: [`POST /${route}`],
    attack: toDecide(`what would an attacker gain by ${command.pascal}?`),
    test: COMMAND_TEST,
  });
}

function addToTests(changes: Changes, { command, aggregate: { one, example }, route }: CommandNames): void {
  const { pascal, camel } = command;
  changes.addEntry(
    'test/e2e/registry.e2e.spec.ts',
    /const CONTRACT: .* = \[/,
    `  ['POST', '/${route}', '${pascal}', ['admin']]`,
  );
  changes.addEntry(
    'test/support/commands/random-commands.ts',
    /const BY_TYPE: .* = \[/,
    `  [1, changing('${pascal}', ${one.camel}Id, { reason })]`,
  );
  changes.addAfter(
    'test/support/commands/largest-commands.ts',
    new RegExp(`^.*'${example.after.pascal}'.*,$`, 'm'),
    `\n    { type: '${pascal}', on: ${example.id}, data: { reason: text } },`,
  );
  const examples = 'test/e2e/examples.e2e.spec.ts';
  if (one.pascal === 'Order') changes.addAfter(examples, /^ {2}'confirmOrder',$/m, `\n  '${camel}',`);
  else if (!['Customer', 'Product'].includes(one.pascal))
    changes.addEntry(examples, /const ON_CREATED = \[/, `'${camel}'`);
}
