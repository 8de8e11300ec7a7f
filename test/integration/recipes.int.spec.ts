import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyStep, recipeIn, type Step } from '../support/docs/recipe.ts';
import { type ScratchCopy, scratchCopy } from '../support/docs/scratch-copy.ts';

const COMMAND = 'Add a command with a new event';
const READ_MODEL = 'Add a read model';

let scratch: ScratchCopy;
const recipes = new Map<string, readonly Step[]>();
beforeAll(async () => {
  const document = await readFile('CONTRIBUTING.md', 'utf8');
  scratch = await scratchCopy();
  for (const heading of [COMMAND, READ_MODEL]) {
    const recipe = recipeIn(document, heading);
    recipes.set(heading, recipe);
    for (const step of recipe) await applyStep(scratch.folder, step);
  }
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

  it('give code that compiles', () => scratch.typecheck());

  it('give code that follows the rules of lint', () => scratch.lint());

  it('give code whose own tests pass, and a command that the command bus accepts', async () => {
    const check = 'test/unit/commands/recipe.unit.spec.ts';
    await cp('test/fixtures/recipes/record-delivery-attempt.ts', join(scratch.folder, check));
    await scratch.test(check, ...newFiles(COMMAND, READ_MODEL));
  });
});

describe('the compiler', () => {
  /** Measured: 2 lines for each. The bound leaves one line for a change of the compiler. */
  const MAX_LINES = 3;
  const wrong = `{ eventType: 'OrderShipped', data: { carrier: 'UPS', shippedAt: '2026-01-16T08:00:00.000Z' } }`;

  it.each([
    ['an event', `const event: OrderEvent = ${wrong};\nvoid event;\n`],
    ['an accepted event', `export const decide = (): Decision<OrderEvent> => accept(${wrong});\n`],
  ])(`reports %s without a required field in at most ${MAX_LINES} lines that name the field`, async (_, code) => {
    const imports = [
      `import type { OrderEvent } from '../../../shared/events/order-events.ts';`,
      `import { accept, type Decision } from '../../domain/decider.ts';`,
    ].filter((line) => !line.includes('accept') || code.includes('accept'));
    const path = join(scratch.folder, 'src/commands/orders/domain/wrong-event.ts');
    await writeFile(path, [...imports, '', code].join('\n'));

    const output = await scratch.typecheck().catch((error: Error) => error.message);

    const lines = output.split('\n').filter((line) => /^(src\/| )/.test(line));
    expect(lines.join('\n')).toContain("Property 'trackingNumber' is missing");
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  });
});
