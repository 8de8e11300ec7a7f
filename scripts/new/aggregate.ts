import { AGGREGATE_TYPES } from '../../src/shared/events/envelope.ts';
import { addToTests } from './aggregate-tests.ts';
import { type AggregateNames, aggregateNames, renamedAggregate } from './aggregates.ts';
import type { Changes } from './changes.ts';
import { addEntryPoint, COMMAND_TEST, QUERY_TEST, requireFreeOperation } from './documents.ts';
import { requireUsable, withArticle } from './names.ts';
import { NotGenerated } from './not-generated.ts';
import { addQuery, newReadModel, readModelNames } from './read-model.ts';
import { render } from './render.ts';
import { requireUnreserved } from './reserved-names.ts';
import { addToStore } from './store.ts';
import { toDecide } from './to-decide.ts';

/** Maximum length of the type of an aggregate: the columns `AggregateType`. */
const MAX_LENGTH = 16;

/** The field of a generated aggregate, besides its id. */
const FIELD = 'label';

/**
 * Generates an aggregate with an id and a label: its decider, tables, events, the command that adds one, and a read model with two queries.
 * @returns what the developer decides next
 */
export function newAggregate(changes: Changes, name: string): readonly string[] {
  const aggregate = aggregateNames(name);
  requireFree(changes, aggregate);
  addFiles(changes, aggregate);
  addEvents(changes, aggregate);
  addToStore(changes, aggregate);
  addCommand(changes, aggregate);
  addToTests(changes, aggregate);
  const { one, many, events, folder, domain } = aggregate;
  newReadModel(changes, many.kebab, aggregate, { shown: FIELD, tag: `Add ${many.words}, and read them.` });
  addDocumentQuery(changes, aggregate);
  return [
    `Which fields does ${withArticle(one.words)} have? Its only field, "${FIELD}", is an example: see ${events}, ${domain}, and the two migrations. Change them before they are merged; later, only add migrations.`,
    `Is any of it personal data? The events are not about a customer, so nothing encrypts it: see AGGREGATES in src/shared/events/envelope.ts, and docs/decisions/0018-personal-data-is-marked-in-the-event-schema.md.`,
    `Which commands change it? npm run new command <Name> -- --aggregate ${one.pascal}`,
    `Who may do what? See ${folder}, src/queries/${many.kebab}, CONTRACT in test/e2e/registry.e2e.spec.ts, and docs/threat-model.md.`,
  ];
}

function requireFree(changes: Changes, { one, many }: AggregateNames): void {
  const isTable = changes.text('src/shared/write-database/sqlite/migrations.ts').includes(` TABLE ${many.pascal} (`);
  if (AGGREGATE_TYPES.some((type) => type === one.pascal) || isTable) {
    throw new NotGenerated(`The name ${one.pascal} is taken: choose another one.`);
  }
  requireUnreserved(changes, { one, many });
  requireUsable(one);
  requireUsable(many);
  if (one.pascal.length > MAX_LENGTH) {
    throw new NotGenerated(`"${one.pascal}" is too long: the name of an aggregate has at most ${MAX_LENGTH} letters.`);
  }
  requireFreeOperation(`add${one.pascal}`, `POST /${many.kebab}`);
  requireFreeOperation(`get${one.pascal}`, `GET /${many.kebab}/{${one.camel}Id}`);
}

function addFiles(changes: Changes, aggregate: AggregateNames): void {
  const { one, folder, domain, events } = aggregate;
  const replacements = renamedAggregate(aggregate);
  changes.create(events, render('events.ts', replacements));
  changes.create(domain, render('domain.ts', replacements));
  changes.create(`${folder}/${one.kebab}-handler.ts`, render('handler.ts', replacements));
  changes.create(`${folder}/add-${one.kebab}.ts`, render('add-command.ts', replacements));
  changes.create(`test/unit/commands/${one.kebab}.unit.spec.ts`, render('domain.unit.spec.ts', replacements));
}

function addEvents(changes: Changes, { one }: AggregateNames): void {
  const envelope = 'src/shared/events/envelope.ts';
  const from = `./${one.kebab}-events.ts`;
  changes.addImport(envelope, `published${one.pascal}`, from);
  changes.addImport(envelope, `${one.camel}Events`, from);
  changes.addEntry(envelope, /const EVENTS = \{/, `...${one.camel}Events`);
  changes.addEntry(
    envelope,
    /const AGGREGATES = \{/,
    `  ${one.pascal}: { events: ${one.camel}Events, state: { ${one.camel}: published${one.pascal} }, about: 'nobody' }`,
  );
  changes.addBefore(
    'src/shared/personal-data/event-encryption.ts',
    /^ *case 'Product':$/m,
    `    case '${one.pascal}':\n`,
  );
  changes.addAfter(
    'src/sync/events/get-events.ts',
    /^ *product: z\.unknown\(\)\.optional\(\),$/m,
    `\n    ${one.camel}: z.unknown().optional(),`,
  );
  const readme = 'docs/events/README.md';
  changes.addAfter(
    readme,
    /^- \*\*Product\*\*: [\s\S]*?(?=\n\n|\n- )/m,
    `\n- **${one.pascal}**: ${one.pascal}Added. Add${one.pascal} produces it.`,
  );
  changes.replace(readme, /(?<=^\| `order`.*) or (?=`\w+` \|)/m, () => ', ');
  changes.addAfter(readme, /^\| `order`(, `\w+`)+/m, ` or \`${one.camel}\``);
}

function addCommand(changes: Changes, { one, many }: AggregateNames): void {
  const functions = 'src/commands/functions.ts';
  changes.addImport(functions, `add${one.pascal}`, `./${many.kebab}/add-${one.kebab}.ts`);
  changes.addEntry(
    functions,
    /const routes: .* = \[/,
    `  [add${one.pascal}, { method: 'POST', route: '${many.kebab}' }]`,
  );
  changes.addEntry(
    'src/commands/http/accepted-response.ts',
    /const AGGREGATES: .* = \{/,
    `  ${one.pascal}: { collection: '${many.kebab}', idName: '${one.camel}Id' }`,
  );
  changes.addAfter(
    'src/commands/domain/decider.ts',
    /^export type RejectionCode =[^;]*/m,
    ` | '${one.kebab}-not-found' | '${one.kebab}-exists'`,
  );
  changes.addAfter(
    'src/shared/http/problem.ts',
    /^ {2}'product-not-found': .*$/m,
    `\n  '${one.kebab}-not-found': [404, 'There is no such ${one.words}'],`,
  );
  changes.addAfter(
    'src/shared/http/problem.ts',
    /^ {2}'product-exists': .*$/m,
    `\n  '${one.kebab}-exists': [409, 'The ${one.words} already exists'],`,
  );
  addEntryPoint(changes, {
    routes: [`POST /${many.kebab}`],
    attack: toDecide(`what would an attacker gain by adding ${many.words}?`),
    test: COMMAND_TEST,
  });
}

/** The query to which the Location of an accepted command leads. */
function addDocumentQuery(changes: Changes, aggregate: AggregateNames): void {
  const { one, many } = aggregate;
  const { folder, replacements } = readModelNames(many.kebab, aggregate, FIELD);
  changes.create(`${folder}/get-${one.kebab}.ts`, render('document-query.ts', replacements));
  addQuery(changes, one, folder);
  changes.addEntry(
    'scripts/generate/open-api-parameters.ts',
    /const PATH_PARAMETERS: .* = \{/,
    `  ${one.camel}Id: { description: 'The ${one.words}’s id, URL-encoded.', example: '${one.camel}-1' }`,
  );
  addEntryPoint(changes, {
    routes: [`GET /${many.kebab}/{${one.camel}Id}`],
    attack: toDecide(`what would an attacker learn from ${withArticle(one.words)}?`),
    test: QUERY_TEST,
  });
}
