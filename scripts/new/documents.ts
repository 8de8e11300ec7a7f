import { operationsByApp } from '../generate/load-operations.ts';
import type { Changes } from './changes.ts';
import type { Names } from './names.ts';
import { NotGenerated } from './not-generated.ts';
import { toDecide } from './to-decide.ts';

const THREAT_MODEL = 'docs/threat-model.md';
const ARCHITECTURE = 'docs/architecture.md';
const QUERIES = 'docs/queries.md';
const STORES = 'src/sync/customer-export/stores.ts';

/** The tests that check the roles of every command and of every query, as the threat model names tests. */
export const COMMAND_TEST = '`test/e2e/registry.e2e.spec.ts` "$verb $command for the role $role"';
export const QUERY_TEST = '`test/e2e/roles.e2e.spec.ts` "%s refuses %s"';
const RIGHTS_TEST = '`test/unit/infra/rights.unit.spec.ts` "%s are those that its side needs, and no more"';

/** Adds a row for routes to the threat model, and one for each query to the table of questions. */
export function addEntryPoint(
  changes: Changes,
  { routes, attack, test }: { readonly routes: readonly string[]; readonly attack: string; readonly test: string },
): void {
  const cells = [routes.map((route) => `\`${route}\``).join(', '), 'admin', attack, test];
  addRow(changes, THREAT_MODEL, '## Entry points', cells);
  for (const route of routes.filter((one) => one.startsWith('GET '))) {
    const question = toDecide('which question does it answer?');
    addRow(changes, QUERIES, '# Questions and where they are answered', [
      question,
      `\`${route}\``,
      toDecide(),
      'seconds',
      '–',
      '–',
      test,
    ]);
  }
}

/** Adds rows for a read model and its container. */
export function addReadModelRows(changes: Changes, { snake, kebab, words }: Names): void {
  const holds = toDecide('what is in it that somebody must not see?');
  addRow(changes, THREAT_MODEL, '## Stores', [
    `container \`${snake}\` of Cosmos DB`,
    holds,
    'sync app',
    'query app',
    RIGHTS_TEST,
  ]);
  addRow(changes, ARCHITECTURE, '## Read models', [`\`${snake}\``, `\`GET /${kebab}\`: ${words}`, 'admin']);
}

/** Adds a container to the export of a customer, or declares that it has no data of customers. */
export function addToExport(changes: Changes, container: Names, aggregate: Names): void {
  if (aggregate.pascal === 'Order' || aggregate.pascal === 'Customer') {
    changes.addEntry(STORES, /const EXPORTED_DOCUMENTS: .* = \{/, `  ${container.snake}: () => true`);
  } else addWithoutCustomers(changes, container.snake, container.words);
}

/** Declares that a table or container has no data of customers. */
export function addWithoutCustomers(changes: Changes, store: string, why: string): void {
  changes.addEntry(STORES, /const WITHOUT_CUSTOMER_DATA: .* = \{/, `  ${store}: '${why}'`);
}

/** Adds the spans of a projection to the tree of what happens when an order is placed. */
export function addProjectionSpans(changes: Changes, { snake }: Names): void {
  const span = (name: string, kind: string) => `${`${name}  `.padEnd(42)}orders-sync      ${kind}\n`;
  const spans = span(`    project ${snake}`, 'consumer') + span(`      execute_bulk ${snake}`, 'client');
  changes.addBefore(ARCHITECTURE, /^ {4}push changes .*\n/m, spans);
}

/** Adds a row to the first table of a chapter. */
function addRow(changes: Changes, path: string, heading: string, cells: readonly string[]): void {
  const table = new RegExp(`(?<=^${heading}\\n(?:[^|#\\n].*\\n|\\n)*)(?:^\\|.*\\|\\n)+`, 'm');
  changes.addAfter(path, table, `| ${cells.join(' | ')} |\n`);
}

/** Throws `NotGenerated` when the API has the route, whatever the names of its parameters, or an operation with the name. */
export function requireFreeOperation(name: string, route: string): void {
  const shapeOf = (text: string) => text.replaceAll(/\{\w+\}/g, '{}').toLowerCase();
  for (const { name: taken, method, route: path } of operationsByApp().keys()) {
    if (shapeOf(`${method} /${path}`) === shapeOf(route)) {
      throw new NotGenerated(`The API has a route ${route} already: choose another name.`);
    }
    if (taken.toLowerCase() === name.toLowerCase()) {
      throw new NotGenerated(`The API has an operation ${taken} already: choose another name.`);
    }
  }
}
