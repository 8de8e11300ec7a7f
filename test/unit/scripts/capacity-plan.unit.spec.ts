import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { breaksOf } from '../../../scripts/capacity/breaks.ts';
import { type CountedLife, orderCost, readCounted, sum } from '../../../scripts/capacity/counted.ts';
import { demandOf } from '../../../scripts/capacity/demand.ts';
import { ESTIMATES } from '../../../scripts/capacity/estimates.ts';
import { main } from '../../../scripts/capacity/main.ts';
import { planOf } from '../../../scripts/capacity/plan.ts';
import { PRICES } from '../../../scripts/capacity/prices.ts';
import { READS } from '../../../scripts/capacity/reads.ts';
import { readTemplateSizes } from '../../../scripts/capacity/template-sizes.ts';
import { CAPACITY_FILE, capacityText } from '../../../scripts/generate/capacity.ts';
import { READ_MODELS } from '../../../src/shared/event-hubs/hub.ts';

/** Orders whose four events have 1,000 bytes each and cost 10 RU in each read model; each line adds 100 bytes; 4 of 10 RU are per batch. */
const counted: readonly CountedLife[] = [1, 25].flatMap((lines) =>
  [1, 100].map((orders) => {
    const types = ['OrderPlaced', 'OrderConfirmed', 'OrderShipped', 'OrderDelivered'];
    const each = (value: number) => Object.fromEntries(types.map((type) => [type, value]));
    const byReadModel = <Value>(value: Value) => Object.fromEntries(READ_MODELS.map((name) => [name, value]));
    return {
      ...{ lines, orders, databaseBytes: 10_000 },
      eventBytes: each(1_000 + (lines - 1) * 100),
      requestUnits: byReadModel(each(6 + 4 / orders)),
      documentBytes: byReadModel(1_000),
    };
  }),
);

const load = (ordersPerSecond: number) => ({ ordersPerSecond, lines: 1, readsPerWrite: 0 });

describe('the cost of an order', () => {
  it('is what was counted, for orders and batches that were counted', () => {
    const { events, eventBytes, requestUnits } = orderCost(counted, 25, 100);
    expect({ events, eventBytes, requestUnits: requestUnits.catalogue }).toEqual({
      events: 4,
      eventBytes: 4 * 3_400,
      requestUnits: expect.closeTo(4 * 6.04, 6),
    });
  });

  it('grows by the same for each line', () => {
    const bytes = [1, 2, 13, 500].map((lines) => orderCost(counted, lines, 1).eventBytes);
    expect(bytes).toEqual([4_000, 4_400, 8_800, 4_000 + 499 * 400].map((value) => expect.closeTo(value, 6)));
  });

  it('shares what a batch costs once among its events', () => {
    expect([1, 2, 8].map((events) => orderCost(counted, 1, events).requestUnits.catalogue)).toEqual(
      [40, 32, 26].map((value) => expect.closeTo(value, 6)),
    );
  });
});

describe('the plan', () => {
  it('for one order per second is the smallest size of everything', () => {
    const { demand, gatewayUnits, hub, sql, masterKeyKind, containers, instances } = planOf(load(1), counted);
    expect([demand.commands, demand.events, demand.eventBytes]).toEqual([4, 4, 4_000]);
    expect({ gatewayUnits, tier: hub.tier, units: hub.units, databases: sql.databases, vCores: sql.vCores }).toEqual({
      ...{ gatewayUnits: 1, tier: 'Standard', units: 1, databases: 1, vCores: 2 },
    });
    expect([36, masterKeyKind]).toEqual([demand.unwraps, 'key']);
    expect(instances).toEqual({ commands: 1, sync: 9, queries: 1 });
    expect(containers.map(({ requestUnits }) => requestUnits)).toEqual(READ_MODELS.map(() => 1_000));
  });

  it('for 1,000 orders per second leaves Event Hubs Standard, whose 40 units are used up by nine consumer groups', () => {
    const { demand, hub, sql } = planOf(load(1_000), counted);
    // 4 MB/s go out nine times, at 2 MB/s per unit.
    expect(demand.throughputUnits).toBeCloseTo(18, 6);
    expect(hub).toMatchObject({ tier: 'Standard', units: 30 });
    expect(planOf(load(2_000), counted).hub).toMatchObject({ tier: 'Premium', units: 12 });
    // A year leaves 237 TB, of which a database holds 128.
    expect(sql).toMatchObject({ sku: 'HS_Gen5', databases: 2 });
  });

  it('for 100,000 orders per second needs several clusters and databases', () => {
    const { demand, hub, sql, masterKeyKind, instances, storageTb } = planOf(load(100_000), counted);
    expect(masterKeyKind).toBe('secret');
    expect(hub).toMatchObject({ tier: 'Dedicated', units: 30, hubs: 2 });
    // 1,800 throughput units, of which a capacity unit does 100, used to 60 %.
    expect(demand.throughputUnits).toBeCloseTo(1_800, 6);
    // 4,940 MB/s of log need 83 databases; 23.7 PB after a year need 186.
    expect(sql).toMatchObject({ sku: 'HS_Gen5', databases: 186 });
    expect(storageTb.sql).toBeCloseTo(23_725, 0);
    expect(instances.commands).toBe(Math.ceil((400 * ESTIMATES.commandCpuMs.value) / ESTIMATES.utilization.value));
  });

  it('plans the transaction log for the commits and for the move of each event to the archive', () => {
    const { logBytes } = planOf(load(1_000), counted).demand;
    // 1,000 × 10,000 bytes × 2, times 1.5 for the commits and 0.97 for the archive.
    expect(logBytes).toBeCloseTo(30e6 + 19.4e6, 0);
  });

  it('stores the events of the last 35 days as they are, and those of the rest of the year compressed', () => {
    const day = (1_000 * 10_000 * 2 * 86_400) / 1e12;
    expect(planOf(load(1_000), counted).storageTb.sql).toBeCloseTo(day * (35 + 330 * 0.31), 6);
  });

  it('plans CPU time of the write database for the archive', () => {
    const [commands, lines, archived] = [4 * 2, 0.1, 4 * 0.3];
    expect(planOf(load(1_000), counted).demand.sqlCores).toBeCloseTo(commands + lines + archived, 6);
  });

  it('uses Hyperscale for more data than General Purpose holds with two vCores', () => {
    const skus = [4, 5].map((rate) => [
      planOf(load(rate), counted).storageTb.sql > 1.024,
      planOf(load(rate), counted).sql.sku,
    ]);
    expect(skus).toEqual([
      [false, 'GP_Gen5'],
      [true, 'HS_Gen5'],
    ]);
  });

  it('gives a container ten times as many RU/s as it holds GB, however little it uses', () => {
    const [container] = planOf(load(10), counted).containers;
    // 10 orders/s × 1,000 bytes × 1.3 for a year are 410 GB.
    expect(container).toMatchObject({ requestUnits: 5_000, paidRequestUnits: 500, physicalPartitions: 9 });
  });

  it('costs less per order the more there are', () => {
    const costs = [1, 10, 100, 1_000].map((rate) => sum(planOf(load(rate), counted).cost) / rate);
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
  });
});

describe('what runs out first', () => {
  const sizes = readTemplateSizes();
  const breaks = breaksOf({ lines: 1, readsPerWrite: 0 }, counted, sizes);
  const rateOf = (id: string) => breaks.find(({ resource }) => resource.id === id);

  it('is sorted by the rate at which it runs out as deployed', () => {
    const rates = breaks.map(({ deployed }) => deployed);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
  });

  it('is a rate at which the need is what there is', () => {
    // 36 data keys per order, of which a vault unwraps 100 a second.
    expect(rateOf('vault')?.deployed).toBeCloseTo(100 / 36, 2);
    // 36 MB go out per 1,000 orders, of which 10 units take 20 a second, and 40 units 80.
    expect(Math.round((rateOf('hub')?.deployed ?? 0) / 10)).toBe(56);
    expect(Math.round((rateOf('hub')?.most ?? 0) / 10)).toBe(222);
  });

  it('includes the timer of the archive, which moves a batch at a time for 50 seconds of each minute', () => {
    const ordersPerSecond = ((50 / 60) * (1_000 / ESTIMATES.archiveMs.value)) / 4;
    expect((rateOf('archive')?.deployed ?? 0) / ordersPerSecond).toBeCloseTo(1, 2);
    expect((rateOf('archive')?.most ?? 0) / ordersPerSecond).toBeCloseTo(1, 2);
  });

  it('reads what is deployed from the template', () => {
    const parameters = readFileSync('infra/prod.bicepparam', 'utf8');
    expect(parameters).toContain(`param sqlVCores = ${sizes.sqlVCores}\n`);
    expect(parameters).toContain(`param eventHubsPartitions = ${sizes.eventHubsPartitions}\n`);
    expect(sizes.apiManagementCapacity).toBe(1);
  });
});

describe('npm run capacity', () => {
  const run = async (...args: readonly string[]) => {
    const [stdout, stderr] = [collector(), collector()];
    const code = await main(args, { stdout, stderr });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  };

  it('prints the plan and what runs out first', async () => {
    const { code, stdout } = await run('--orders-per-second', '1000', '--lines', '5', '--reads-per-write', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1,000 orders\/s, lines per order: 5, reads per command: 2\n/);
    for (const service of [
      'API Management',
      'Azure SQL',
      'Event Hubs',
      'Cosmos DB',
      'Functions',
      'Storage',
      'together',
    ]) {
      expect(stdout).toContain(`| ${service} | `);
    }
    expect(stdout).toContain('What runs out');
  });

  it('shows its help', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--reads-per-write') });
  });

  it.each([
    [['--orders-per-second', '200000'], 'from 0.01 to 100000, not "200000". For more, plan several systems'],
    [['--orders-per-second', 'many'], '--orders-per-second must be a number from 0.01 to 100000, not "many".'],
    [['--orders-per-second='], '--orders-per-second must be a number from 0.01 to 100000, not "".'],
    [['--lines', '1.5'], '--lines must be a whole number from 1 to 500, not "1.5".'],
    [['--lines', '501'], 'An order has at most 500 lines'],
    [['--reads-per-write=-1'], '--reads-per-write must be a number from 0 to 1000, not "-1".'],
    [['--orders', '5'], "Unknown option '--orders'"],
  ])('refuses %j with a sentence that names the option, its limits and what to do', async (args, sentence) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  });
});

describe('the capacity guide', () => {
  it('is up to date with the code (run "npm run generate" to update it)', () => {
    const text = readFileSync(CAPACITY_FILE, 'utf8');
    expect(capacityText(text)).toBe(text);
  });

  it('uses the prices of the deployment guide', () => {
    const prices = readFileSync('docs/deploy.md', 'utf8').split('## What it costs')[1]?.split('\n## ')[0] ?? '';
    const missing = Object.entries(PRICES).filter(([, price]) => {
      const text = price.toLocaleString('en-US', { maximumFractionDigits: 6 }).replace('.', '\\.');
      return !new RegExp(`(?<![\\d.,])${text} ×|× ${text}(?![\\d.,])|\\| ${text} \\|`).test(prices);
    });
    expect(missing).toEqual([]);
  });

  it('plans with the request units of the table of queries, and with shares that add up to one', () => {
    const rows = readFileSync('docs/queries.md', 'utf8').split('\n');
    const documented = READS.map(({ query }) => {
      const cells = rows.find((row) => row.includes(`| \`${query}\``))?.split(' | ');
      return { query, requestUnits: Number(cells?.[4]) };
    });
    expect(READS.map(({ query, requestUnits }) => ({ query, requestUnits }))).toEqual(documented);
    expect(READS.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 9);
  });

  it('has what was counted of every read model', () => {
    const { projecting } = demandOf(load(1), readCounted(), 4);
    expect(Object.keys(projecting)).toEqual(READ_MODELS);
  });
});

function collector() {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  return Object.assign(stream, { text: () => text });
}
