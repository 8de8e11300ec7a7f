import type { Changes } from './changes.ts';
import type { Names } from './names.ts';

/**
 * Adds to the template a container that is read by its ids and listed by its sort key, its consumer group, and the function of its
 * projection.
 */
export function addContainer(changes: Changes, { kebab, snake, pascal }: Names): void {
  const containers = 'infra/modules/cosmos-containers.bicep';
  changes.addBeforeClosing(
    containers,
    /^var containers = \[/m,
    () => `
  {
    name: '${snake}'
    isReadModel: true
    partitionKey: ['/id']
    indexed: ['/sortKey/?']
    defaultTtl: null
  }
`,
  );
  addName(changes, containers, 'readByQueries', snake);
  addName(changes, 'infra/modules/event-hubs.bicep', 'consumerGroups', kebab);
  addName(changes, 'infra/modules/apps.bicep', 'projections', `project${pascal}`);
}

/** Adds a string to a list. Bicep separates the entries of a list by commas or by lines. */
function addName(changes: Changes, path: string, list: string, name: string): void {
  const place = new RegExp(`^var ${list} = \\[`, 'm');
  changes.addBeforeClosing(path, place, (inside) => (inside.includes('\n') ? `\n  '${name}'\n` : `, '${name}'`));
}
