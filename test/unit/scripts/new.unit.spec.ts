import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BIOME, formatFiles } from '../../../scripts/cli/biome.ts';
import { GATEWAY_FOLDER } from '../../../scripts/generate/gateway.ts';
import { Changes } from '../../../scripts/new/changes.ts';
import { generate, type Options } from '../../../scripts/new/generate.ts';
import { updateSnapshots } from '../../../scripts/new/write.ts';
import { AGGREGATE_TYPES } from '../../../src/shared/events/envelope.ts';

/** Generates in memory. */
function generated(words: readonly string[], options: Options = {}): ReadonlyMap<string, string> {
  const changes = new Changes('.');
  generate(changes, words, options);
  return changes.files;
}
const command = (name: string, aggregate: string, event?: string) => generated(['command', name], { aggregate, event });

describe('the name of a new command', () => {
  it.each([
    ['testOrder', 'Order', 'is not a name for a command'],
    ['CancelOrder', 'Order', 'The name CancelOrder is taken'],
    ['Transition', 'Order', 'The name Transition is taken'],
    ['Delete', 'Product', '"delete" is a reserved word'],
    ['Constructor', 'Order', '"constructor" is a reserved word'],
    ['GetProduct', 'Product', 'The API has an operation getProduct already'],
    ['Ship', 'Order', 'The API has a route POST /orders/{orderId}/ship already'],
    ['HoldParcel', 'Parcel', 'There is no aggregate "Parcel". The aggregates are Order, Customer, Product'],
  ])('cannot be %s on %s', (name, of, message) => {
    expect(() => command(name, of)).toThrow(message);
  });

  it.each([
    ['OrderShipped', 'There is an event OrderShipped already'],
    ['order-held', '"order-held" is not a name for an event'],
  ])('cannot have an event %s', (event, message) => {
    expect(() => command('TestOrder', 'Order', event)).toThrow(message);
  });

  it.each([
    ['TestOrder', 'Order', 'orders/{orderId}/test'],
    ['TestTheGenerator', 'Order', 'orders/{orderId}/test-the-generator'],
    ['TestCustomer', 'Customer', 'customers/{customerId}/test'],
  ])('gives the route of %s on %s', (name, of, route) => {
    expect(command(name, of).get('src/commands/functions.ts')).toContain(`{ method: 'POST', route: '${route}' }`);
  });
});

describe('a new command', () => {
  it.each([
    ['TestDeliveryAttempt', 'Order', 'Tests a delivery attempt of a confirmed order.'],
    ['TestOrder', 'Order', 'Tests a confirmed order.'],
    ['TestNotes', 'Order', 'Tests notes of a confirmed order.'],
    ['TestTheGenerator', 'Order', 'Tests the generator of a confirmed order.'],
    ['TestCustomer', 'Customer', 'Tests a customer.'],
    ['NotifyTester', 'Customer', 'Notifies a tester of a customer.'],
    ['UndoTest', 'Product', 'Undoes a test of a product.'],
  ])('%s on %s is summarized from its words', (name, aggregate, summary) => {
    const texts = [...command(name, aggregate).values()];

    expect(texts.filter((text) => text.includes(`  summary: '${summary}',\n`))).toHaveLength(1);
  });

  it('is added before the comment of the type that lists all commands', () => {
    const commands = command('TestOrder', 'Order').get('src/commands/orders/domain/commands.ts');

    expect(commands).toMatch(/interface TestOrder .*\n.*\n.*\n\}\n\n\/\*\* .* \*\/\nexport type OrderCommand =/);
  });
});

describe('the name of a new read model', () => {
  it.each([
    ['DeliveryTimes', 'is not a name for a read model'],
    ['catalogue', 'The name catalogue is taken'],
    ['dead-letters', 'The name dead-letters is taken'],
    ['push', 'The name push is taken'],
    ['orders', 'choose another name'],
    ['events', 'The API has an operation getEvents already'],
    ['class', '"class" is a reserved word'],
  ])('cannot be %s', (name, message) => {
    expect(() => generated(['read-model', name])).toThrow(message);
  });
});

describe('the name of a new aggregate', () => {
  it.each([
    ['supplier', 'is not a name for an aggregate'],
    ['Order', 'The name Order is taken'],
    ['CustomerKey', 'The name CustomerKey is taken'],
    ['Event', 'The name Event is taken'],
    ['Decision', 'the code has another meaning for it'],
    ['Data', 'the code has another meaning for it'],
    ['Stock', 'the code has another meaning for it'],
    ['DraftCount', 'the code has another meaning for it'],
    ['Address', 'the code has another meaning for it'],
    ['Statistic', 'its table, Statistics, is a reserved word of T-SQL'],
    ['WarehouseDistrict', 'at most 16 letters'],
    ['OrderChange', 'The API has a'],
  ])('cannot be %s', (name, message) => {
    expect(() => generated(['aggregate', name])).toThrow(message);
  });
});

describe.each(AGGREGATE_TYPES)('of the aggregate %s', (type) => {
  it('a command and a read model can be generated', () => {
    expect(command('TestTheGenerator', type).size).toBeGreaterThan(8);
    expect(generated(['read-model', 'generator-tests'], { aggregate: type }).size).toBeGreaterThan(12);
  });
});

describe('npm run new', () => {
  it.each([
    ['command', 'TestOrder', 'docs/threat-model.md.'],
    ['read-model', 'generator-tests', 'docs/queries.md and docs/threat-model.md.'],
  ])('names every document in which a %s leaves something to decide', (kind, name, documents) => {
    const changes = new Changes('.');

    const decisions = generate(changes, [kind, name], {});

    expect(decisions.at(-1)).toBe(
      `What replaces each "(to decide …)"? See ${documents} A test fails until all are replaced.`,
    );
  });

  it.each([
    [[], {}, 'Name what to generate. Try --help.'],
    [['command', 'TestOrder', 'Order'], {}, '"Order" is one name too many. npm passes options on only after " -- ".'],
    [['event', 'OrderHeld'], {}, '"event" cannot be generated'],
    [['read-model', 'late-returns'], { event: 'Returned' }, 'Only a command has the option --event.'],
    [['aggregate', 'Parcel'], { aggregate: 'Order' }, 'A new aggregate has no option --aggregate.'],
  ])('says what is wrong with %j %j', (words, options, message) => {
    expect(() => generated(words, options)).toThrow(message);
  });

  it('explains itself, and exits with 1 and one sentence when it writes nothing', () => {
    const run = (...words: readonly string[]) =>
      spawnSync(process.execPath, ['scripts/new.ts', ...words], { encoding: 'utf8' });

    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('npm run new aggregate <Name>') });
    expect(run('command', 'CancelOrder')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'The name CancelOrder is taken: choose another one.\n',
    });
  });
});

describe('writing the files', () => {
  it.each(['SIGINT', 'SIGTERM'])('leaves all files as they were when %s interrupts it', (signal) => {
    const root = mkdtempSync(join(tmpdir(), 'interrupted-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    for (const folder of ['docs', GATEWAY_FOLDER, 'clients/typescript/src/generated', dirname(BIOME), 'scripts'])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'docs/openapi.json'), 'before');
    writeFileSync(
      join(root, BIOME),
      `require('node:fs').writeFileSync('docs/openapi.json', ''); process.kill(process.ppid, '${signal}');`,
    );
    writeFileSync(join(root, 'scripts/generate.ts'), '');
    const write = pathToFileURL(resolve('scripts/new/write.ts'));
    const program = `import { writeAll } from '${write}'; await writeAll(new Map([['src/added.ts', '']]), '.');`;

    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: root,
      encoding: 'utf8',
    });

    expect(readFileSync(join(root, 'docs/openapi.json'), 'utf8')).toBe('before');
    expect(existsSync(join(root, 'src/added.ts'))).toBe(false);
    expect(stderr).toContain('Nothing was written, because this was interrupted.');
  });
});

describe('updating the snapshots of the template', () => {
  it.each([
    ['nothing of an update that succeeds', 0, { updated: true, reason: '' }],
    ['what the compiler reports', 1, { updated: false, reason: 'Error BCP048\nProblems: 1\n' }],
    ['nothing more without a compiler', 3, { updated: false, reason: '' }],
  ])('reports %s', (_what, exitCode, expected) => {
    const root = mkdtempSync(join(tmpdir(), 'snapshots-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, 'scripts'));
    writeFileSync(
      join(root, 'scripts/infra-check.ts'),
      `console.error('Error BCP048'); console.log('Problems: 1'); process.exitCode = ${exitCode};`,
    );

    expect(updateSnapshots(root)).toEqual(expected);
  });
});

describe('formatting generated files', () => {
  it('fails when one of them is too large for Biome', () => {
    const root = mkdtempSync(join(tmpdir(), 'formatted-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    writeFileSync(join(root, 'biome.json'), '{ "root": true, "files": { "maxSize": 100 } }');
    writeFileSync(join(root, 'small.json'), '{"a":1}');
    writeFileSync(join(root, 'large.json'), JSON.stringify('x'.repeat(100)));

    expect(() => formatFiles(['small.json', 'large.json'], root)).toThrow('exceeds the configured maximum');
  });
});
