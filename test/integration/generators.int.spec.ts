import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCompiler } from '../../scripts/infra-check/compiler.ts';
import { newAggregate } from '../../scripts/new/aggregate.ts';
import { existingAggregate } from '../../scripts/new/aggregates.ts';
import { Changes } from '../../scripts/new/changes.ts';
import { newCommand } from '../../scripts/new/command.ts';
import { newReadModel } from '../../scripts/new/read-model.ts';
import { type ScratchCopy, scratchCopy } from '../support/generators/scratch-copy.ts';

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

/** Bicep, where it is installed. Without a PATH, nothing is downloaded. */
const bicep = await findCompiler({ ...process.env, PATH: '' });

let scratch: ScratchCopy;
/** What to decide about a generated aggregate. */
let decisions: readonly string[];
/** The answer to a command on it. */
let answer: string;
/** All files that were written. */
let written: readonly string[];
/** What the compiler reports, with the lines that explain it. */
let reported: readonly string[];
beforeAll(async () => {
  scratch = await scratchCopy();
  const changes = new Changes(scratch.folder);
  decisions = newAggregate(changes, 'SpareSupply');
  newCommand(changes, 'RecordDeliveryAttempt', { aggregate: 'Order' });
  newCommand(changes, 'FlagCustomer', { aggregate: 'Customer' });
  newCommand(changes, 'RecallProduct', { aggregate: 'Product', event: 'ProductWithdrawn' });
  newReadModel(changes, 'delivery-times', existingAggregate('Order'));
  newReadModel(changes, 'customer-activity', existingAggregate('Customer'));
  newReadModel(changes, 'price-changes', existingAggregate('Product'));
  await scratch.write(changes.files);
  // Also generates the files that depend on the changes above.
  answer = await scratch.generate('command', 'InspectSpareSupply', '--aggregate', 'SpareSupply');
  written = [...pathsIn(answer), ...changes.files.keys()];
  for (const [path, code] of Object.entries(WRONG)) await writeFile(join(scratch.folder, path), code);
  reported = (await scratch.typecheck()).split(/^(?=\S)/m);
});
afterAll(() => scratch?.remove());

/** The files that the generator says that it has written. */
const pathsIn = (text: string) => [...text.matchAll(/^ {2}(\w+\/\S+)$/gm)].flatMap(([, path]) => path ?? []);

const textOf = (path: string) => readFile(join(scratch.folder, path), 'utf8');

describe('npm run new', () => {
  it('lists the files that it has written, what to decide and what to do next', () => {
    expect(answer).toContain('  src/commands/spare-supplies/domain/spare-supply.ts\n');
    expect(answer).toContain('What does InspectSpareSupply need besides a reason?');
    expect(decisions.join()).toContain('Which fields does a spare supply have?');
    expect(answer).toContain('npm run infra:check -- --update');
  });

  it('writes code that compiles', () => {
    expect(reported.filter((error) => !error.startsWith(FORGETFUL))).toEqual([]);
  });

  it('writes code that follows the rules of lint', async () => {
    const code = new Set(written.filter((path) => path.endsWith('.ts')));
    expect(code.size).toBeGreaterThan(50);
    await scratch.lint(...code);
  });

  it('writes tests that pass, and adds what the tests of the whole demand', () =>
    scratch.test(
      ...written.filter((path) => path.endsWith('.unit.spec.ts')),
      'test/unit/docs',
      'test/unit/local/containers.unit.spec.ts',
      'test/unit/scripts/openapi',
      'test/unit/scripts/roles.unit.spec.ts',
      'test/unit/shared/azure-sql-migrate.unit.spec.ts',
      'test/unit/shared/azure-sql-procedures.unit.spec.ts',
      'test/unit/shared/events.unit.spec.ts',
      'test/unit/shared/personal-fields.unit.spec.ts',
      'test/unit/sync/customer-stores.unit.spec.ts',
    ));

  it('writes a table in which SQLite keeps the aggregate, as the fold of its log', () =>
    scratch.test(
      'test/contract/write-store-sqlite.int.spec.ts',
      'test/integration/log-and-tables.int.spec.ts',
      ...['-t', 'a spare supply|folding the event log|carries the state'],
    ));

  it('writes containers whose partition keys are lists, as those of all others are', async () => {
    const template = await textOf('infra/modules/cosmos-containers.bicep');

    const keys = [...template.matchAll(/^ {4}partitionKey: (.*)$/gm)].map(([, key]) => key);

    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key) => !key?.startsWith("['/"))).toEqual([]);
  });

  it.skipIf(bicep.kind === 'notFound')('writes containers that the compiler of the template accepts', async () => {
    const path = bicep.kind === 'found' ? bicep.path : '';

    const compiled = await promisify(execFile)(path, ['build', 'infra/modules/cosmos-db.bicep', '--stdout'], {
      cwd: scratch.folder,
    });

    expect(compiled.stderr).toBe('');
  });

  it('gives the migration the next number', async () => {
    const known = new Changes('.').namesIn('src/shared/write-database/azure-sql/migrations').toSorted();
    const number = String(Number(known.at(-1)?.slice(0, 4)) + 1).padStart(4, '0');

    const migration = await textOf(`src/shared/write-database/azure-sql/migrations/${number}-spare-supplies.sql`);

    expect(migration).toContain('CREATE TABLE orders.SpareSupplies (\n  SpareSupplyId nvarchar(64)');
  });

  it('writes nothing when the generated code cannot be described', async () => {
    const description = join(scratch.folder, 'scripts/generate/open-api.ts');
    const before = [await readFile(description, 'utf8'), await textOf('src/commands/functions.ts')] as const;
    await writeFile(description, `${before[0]}\nthrow new Error('broken');\n`);

    const generated = scratch.generate('command', 'AuditOrder');

    await expect(generated).rejects.toThrow(/Nothing was written, because scripts\/generate\.ts failed:[\s\S]*broken/);
    expect(await textOf('src/commands/functions.ts')).toBe(before[1]);
    await expect(textOf('src/commands/orders/audit-order.ts')).rejects.toThrow('ENOENT');
    await writeFile(description, before[0]);
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
