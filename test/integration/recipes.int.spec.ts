import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyStep, recipeIn, type Step } from '../support/docs/recipe.ts';
import { type ScratchCopy, scratchCopy } from '../support/docs/scratch-copy.ts';

const COMMAND = 'Add a command with a new event';
const READ_MODEL = 'Add a read model';

/** Code that forgets a required field of an event, by its path. */
const FORGETFUL = 'src/commands/orders/domain/forgetful';
const SHIPPED = `{ eventType: 'OrderShipped', data: { carrier: 'UPS', shippedAt: '2026-01-16T08:00:00.000Z' } }`;
const WRONG: Readonly<Record<string, string>> = {
  [`${FORGETFUL}-event.ts`]: `import type { OrderEvent } from '../../../shared/events/order-events.ts';

const event: OrderEvent = ${SHIPPED};
void event;
`,
  [`${FORGETFUL}-decision.ts`]: `import type { OrderEvent } from '../../../shared/events/order-events.ts';
import { accept, type Decision } from '../../domain/decider.ts';

export const decide = (): Decision<OrderEvent> => accept(${SHIPPED});
`,
};

let scratch: ScratchCopy;
/** What the compiler reports, with the lines that explain it. */
let reported: readonly string[];
const recipes = new Map<string, readonly Step[]>();
beforeAll(async () => {
  const document = await readFile('CONTRIBUTING.md', 'utf8');
  scratch = await scratchCopy();
  for (const heading of [COMMAND, READ_MODEL]) {
    const recipe = recipeIn(document, heading);
    recipes.set(heading, recipe);
    for (const step of recipe) await applyStep(scratch.folder, step);
  }
  for (const [path, code] of Object.entries(WRONG)) await writeFile(join(scratch.folder, path), code);
  reported = (await scratch.typecheck()).split(/^(?=\S)/m);
});
afterAll(() => scratch?.remove());

/** The files that a recipe changes or adds below a folder. */
const placesIn = (heading: string, folder: string) =>
  new Set(recipes.get(heading)?.flatMap(({ path }) => (path.startsWith(folder) ? path : [])));

const newFiles = (...headings: readonly string[]) =>
  headings
    .flatMap((heading) => recipes.get(heading) ?? [])
    .flatMap(({ kind, path }) => (kind === 'new file' && path.startsWith('test/') ? path : []));

describe('the recipes of CONTRIBUTING.md, followed literally', () => {
  it('add a command with a new event in six files of src', () => {
    expect(placesIn(COMMAND, 'src/').size).toBe(6);
  });

  it('add a read model in six files of src and one test', () => {
    expect([placesIn(READ_MODEL, 'src/').size, placesIn(READ_MODEL, 'test/').size]).toEqual([6, 1]);
  });

  it('name only lists of the template that exist', async () => {
    const groups = await readFile(join(scratch.folder, 'infra/modules/event-hubs.bicep'), 'utf8');
    const containers = await readFile(join(scratch.folder, 'infra/modules/cosmos-containers.bicep'), 'utf8');
    expect(groups).toContain('var consumerGroups =');
    expect(containers).toContain('var readByQueries =');
  });

  it('give code that compiles', () => {
    expect(reported.filter((error) => !error.startsWith(FORGETFUL))).toEqual([]);
  });

  it('give code that follows the rules of lint', async () => {
    const changed = new Set([...recipes.values()].flat().map(({ path }) => path));
    await scratch.lint(...[...changed].filter((path) => /^(src|test)\//.test(path)));
  });

  it('give code whose own tests pass, and a command that the command bus accepts', async () => {
    const check = 'test/unit/commands/recipe.unit.spec.ts';
    await cp('test/fixtures/recipes/record-delivery-attempt.ts', join(scratch.folder, check));
    await scratch.test(check, ...newFiles(COMMAND, READ_MODEL));
  });
});

describe('the compiler', () => {
  /** Measured: 2 lines for each. The bound leaves one line for a change of the compiler. */
  const MAX_LINES = 3;

  it.each([
    ['an event', `${FORGETFUL}-event.ts`],
    ['an accepted event', `${FORGETFUL}-decision.ts`],
  ])(`reports %s without a required field in at most ${MAX_LINES} lines that name the field`, (_what, path) => {
    const errors = reported.filter((error) => error.startsWith(path));
    const lines = errors.flatMap((error) => error.trimEnd().split('\n'));
    expect(lines.join('\n')).toContain("Property 'trackingNumber' is missing");
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  });
});
