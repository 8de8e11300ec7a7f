import { CONSUMER_GROUPS, LIVE_CONSUMER_GROUPS } from '../../src/shared/event-hubs/hub.ts';
import { CONTAINERS } from '../../src/shared/read-models/containers.ts';
import { type AggregateNames, renamedAggregate, shownField } from './aggregates.ts';
import type { Changes } from './changes.ts';
import {
  addEntryPoint,
  addProjectionSpans,
  addReadModelRows,
  addToExport,
  QUERY_TEST,
  requireFreeOperation,
} from './documents.ts';
import { addContainer } from './infrastructure.ts';
import { type Names, namesOf, requireUsable, singularOf, wordsOfKebab } from './names.ts';
import { NotGenerated } from './not-generated.ts';
import { type Replacements, renamed, render } from './render.ts';
import { toDecide } from './to-decide.ts';

/** A read model to generate: its name, and the name of one of its documents. */
export interface ReadModelNames {
  readonly many: Names;
  readonly one: Names;
  /** The folder of its queries. */
  readonly folder: string;
  readonly replacements: Replacements;
}

interface ReadModelOptions {
  /** The field of the aggregate's state that the documents show. Default: one that is there. */
  readonly shown?: string;
  /** What the operations under the route of the read model do. */
  readonly tag?: string;
}

/**
 * Generates a read model with one document for each aggregate of a kind, and the query that lists them.
 * @returns what the developer decides next
 */
export function newReadModel(
  changes: Changes,
  name: string,
  aggregate: AggregateNames,
  { shown = shownField(changes, aggregate), tag }: ReadModelOptions = {},
): readonly string[] {
  const readModel = readModelNames(name, aggregate, shown);
  requireFree(changes, readModel);
  addFiles(changes, readModel);
  addToTables(changes, readModel, tag ?? `Read ${readModel.many.words}.`);
  addToTests(changes, readModel);
  addContainer(changes, readModel.many);
  const { many, folder } = readModel;
  addEntryPoint(changes, {
    routes: [`GET /${many.kebab}`],
    attack: toDecide(`what would an attacker learn from ${many.words}?`),
    test: QUERY_TEST,
  });
  addReadModelRows(changes, many);
  addToExport(changes, many, aggregate.one);
  if (aggregate.one.pascal === 'Order') addProjectionSpans(changes, many);
  return [
    `What does it show, of which events? See src/shared/read-models/${many.kebab}.ts and src/sync/projections/${many.kebab}.ts.`,
    `Does it copy the name of a customer? Then use documentPerOrder, as src/sync/projections/shipping-board.ts does.`,
    `Who may read it, and by what can it be filtered? See ${folder}/get-${many.kebab}.ts, infra/modules/cosmos-containers.bicep and docs/threat-model.md.`,
    `Which of its documents belong in the export of a customer? See src/sync/customer-export/stores.ts.`,
    `What does it cost? Run npm run capacity -- --count and npm run generate, then correct the sizes that test/unit/scripts/capacity-plan.unit.spec.ts and capacity-model.unit.spec.ts state.`,
    `After the deployment, replay the log into it: docs/operations.md#replay-a-read-model.`,
  ];
}

export function readModelNames(name: string, aggregate: AggregateNames, shown: string): ReadModelNames {
  const words = wordsOfKebab(name, 'a read model');
  const [many, one] = [namesOf(words), namesOf(singularOf(words))];
  return {
    many,
    one,
    folder: `src/queries/${aggregate.many.kebab}`,
    replacements: {
      ...renamedAggregate(aggregate),
      ...renamed(namesOf(['late', 'returns']), many),
      ...renamed(namesOf(['late', 'return']), one),
      label: shown,
      otherAdded: aggregate.firstEvent === 'productAdded' ? 'customerRegistered' : 'productAdded',
    },
  };
}

function requireFree(changes: Changes, { many, one }: ReadModelNames): void {
  requireUsable(many);
  requireUsable(one);
  const names: readonly string[] = [...CONTAINERS.map((container) => container.name), ...LIVE_CONSUMER_GROUPS];
  if (names.includes(many.snake) || names.includes(many.kebab))
    throw new NotGenerated(`The name ${many.kebab} is taken: choose another one.`);
  if (new RegExp(`^ {6}"${one.pascal}": \\{`, 'm').test(changes.text('docs/openapi.json'))) {
    throw new NotGenerated(`The API has a schema ${one.pascal} already: choose another name than ${many.kebab}.`);
  }
  if (changes.text('src/shared/read-models/containers.ts').includes(` ${many.constant} `)) {
    throw new NotGenerated(`The name ${many.constant} is taken: choose another name than ${many.kebab}.`);
  }
  requireFreeOperation(`get${many.pascal}`, `GET /${many.kebab}`);
}

function addFiles(changes: Changes, { many, folder, replacements }: ReadModelNames): void {
  changes.create(`src/shared/read-models/${many.kebab}.ts`, render('document.ts', replacements));
  changes.create(`src/sync/projections/${many.kebab}.ts`, render('projection.ts', replacements));
  changes.create(`${folder}/get-${many.kebab}.ts`, render('list-query.ts', replacements));
  changes.create(`test/unit/sync/${many.kebab}.unit.spec.ts`, render('projection.unit.spec.ts', replacements));
}

function addToTables(changes: Changes, { many, one, folder }: ReadModelNames, tag: string): void {
  const containers = 'src/shared/read-models/containers.ts';
  changes.addBefore(
    containers,
    /^\/\*\* The containers of all read models\. \*\/$/m,
    `/** One document per ${one.words}. */
export const ${many.constant} = {
  name: '${many.snake}',
  partitionKey: '/id',
  readModel: '${many.snake}',
  consumerGroup: '${many.kebab}',
} as const satisfies ReadModelContainer;

`,
  );
  changes.addEntry(containers, /READ_MODEL_CONTAINERS = \[/, `  ${many.constant}`);
  const projections = 'src/sync/projections/projections.ts';
  changes.addImport(projections, many.camel, `./${many.kebab}.ts`);
  changes.addEntry(
    projections,
    /const PROJECTIONS: .* = \[/,
    `  { consumerGroup: '${many.kebab}', projection: ${many.camel} }`,
  );
  addQuery(changes, many, folder);
  changes.addEntry(
    'scripts/generate/open-api.ts',
    /const TAGS: .* = \{/,
    `  '${many.kebab.charAt(0).toUpperCase()}${many.kebab.slice(1)}': '${tag}'`,
  );
}

/** Adds `get…` to the functions of the query app. */
export function addQuery(changes: Changes, query: Names, folder: string): void {
  const functions = 'src/queries/functions.ts';
  changes.addImport(functions, `get${query.pascal}`, `${folder.replace('src/queries/', './')}/get-${query.kebab}.ts`);
  changes.addEntry(functions, /return \[/, `    get${query.pascal}(app)`);
}

function addToTests(changes: Changes, { many }: ReadModelNames): void {
  changes.addEntry('test/unit/sync/projections.unit.spec.ts', /toEqual\(\[/, `    ['${many.kebab}', '${many.snake}']`);
  const next = 'test/support/projections/projections-of-version.ts';
  changes.addImport(next, `project${many.pascal}`, `../../../src/sync/projections/${many.kebab}.ts`);
  changes.addEntry(
    next,
    /: readonly ReadModelProjection\[\] => \[/,
    `  { consumerGroup: '${many.kebab}', projection: project${many.pascal}(version) }`,
  );
  changes.replace('test/containers/event-hubs.json', /^[\s\S]*$/, (text) => withGroup(text, many.kebab));
}

/** The configuration of the Event Hubs emulator with one more consumer group for each hub that has those of the read models. */
function withGroup(text: string, group: string): string {
  const [known = ''] = CONSUMER_GROUPS;
  const end = new RegExp(`(\\{\\s*"Name": "${known}"\\s*\\},)`, 'g');
  return text.replaceAll(end, `{ "Name": "${group}" }, $1`);
}
