import type { Break } from './breaks.ts';
import { sum } from './counted.ts';
import { ESTIMATES } from './estimates.ts';
import { rounded, table, whole } from './format.ts';
import { API_MANAGEMENT } from './limits.ts';
import type { Plan } from './plan.ts';

/** The sizes for one workload. */
export function planText(plan: Plan): string {
  const { workload, demand, sql, containers, instances, storageTb, cost } = plan;
  const { ordersPerSecond, lines, readsPerWrite } = workload;
  const containerRows = containers.map(({ readModel, requestUnits, physicalPartitions }) => [
    `\`${readModel}\``,
    whole(demand.projecting[readModel] ?? 0),
    whole(demand.reading[readModel] ?? 0),
    whole(requestUnits),
    whole(physicalPartitions),
  ]);
  return [
    `${rounded(ordersPerSecond)} orders/s, lines per order: ${lines}, reads per command: ${readsPerWrite}`,
    table(
      ['what', 'per second'],
      [
        ['commands', rounded(demand.commands)],
        ['reads', rounded(demand.reads)],
        ['events, each sent to every consumer group', rounded(demand.events)],
        ['MB of events', rounded(demand.eventBytes / 1e6)],
        ['MB of the transaction log', rounded(demand.logBytes / 1e6)],
        ['checkpoints', rounded(demand.checkpoints)],
        ['data keys to unwrap, at most', rounded(demand.unwraps)],
      ],
    ),
    table(
      ['service', 'size', 'USD a month'],
      [
        ['API Management', gatewayText(plan.gatewayUnits), money(cost['API Management'])],
        [
          'Azure SQL',
          `${countOf(sql.databases, 'database')} of ${sql.sku} with ${sql.vCores} vCores`,
          money(cost['Azure SQL']),
        ],
        ['Key Vault', `\`masterKeyKind\` \`${plan.masterKeyKind}\``, money(cost['Key Vault'])],
        ['Event Hubs', hubText(plan), money(cost['Event Hubs'])],
        ['Cosmos DB', 'see below', money(cost['Cosmos DB'])],
        [
          'Functions',
          `instances: ${whole(instances.commands)} commands, ${whole(instances.sync)} sync, ${whole(instances.queries)} queries`,
          money(cost.Functions),
        ],
        ['Storage', `${whole(demand.checkpoints)} checkpoints/s, and the data lake`, money(cost.Storage)],
        ['Log Analytics', `${rounded((demand.telemetryBytes * 86_400) / 1e9)} GB a day`, money(cost['Log Analytics'])],
        ['together', '', money(sum(cost))],
      ],
    ),
    table(['container', 'RU/s of projections', 'RU/s of reads', 'maximum RU/s', 'physical partitions'], containerRows),
    table(
      ['storage after a year', 'TB'],
      [
        ['write database', rounded(storageTb.sql)],
        ['read models, with indexes', rounded(storageTb.cosmos)],
        ['data lake, uncompressed', rounded(storageTb.lake)],
      ],
    ),
  ].join('\n\n');
}

const money = (usd = 0): string => rounded(usd);

const countOf = (count: number, noun: string): string => `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;

function gatewayText(units: number): string {
  const gateways = Math.ceil(units / API_MANAGEMENT.units);
  return `StandardV2, ${countOf(units, 'unit')}${gateways === 1 ? '' : ` in ${whole(gateways)} gateways`}`;
}

const HUB_UNITS = { Standard: 'throughput unit', Premium: 'processing unit', Dedicated: 'capacity unit' } as const;

function hubText({ hub }: Plan): string {
  const where = hub.hubs === 1 ? '' : ` in ${whole(hub.hubs)} clusters`;
  return `${hub.tier}, ${countOf(hub.units, HUB_UNITS[hub.tier])}${where}, ${whole(hub.partitions)} partitions`;
}

/** The sizes for several workloads, side by side. */
export function plansText(plans: readonly Plan[]): string {
  const row = (name: string, of: (plan: Plan) => string) => [name, ...plans.map(of)];
  return table(
    ['orders/s', ...plans.map(({ workload }) => whole(workload.ordersPerSecond))],
    [
      row('gateway units', (plan) => whole(plan.gatewayUnits)),
      row('instances: commands, sync, queries', ({ instances }) =>
        [instances.commands, instances.sync, instances.queries].map(whole).join(', '),
      ),
      row('databases × vCores', ({ sql }) => `${whole(sql.databases)} × ${sql.vCores} ${sql.sku.slice(0, 2)}`),
      row('log of the databases, MB/s', ({ demand }) => rounded(demand.logBytes / 1e6)),
      row(
        'Event Hubs',
        ({ hub }) => `${whole(hub.units)} ${{ Standard: 'TU', Premium: 'PU', Dedicated: 'CU' }[hub.tier]}`,
      ),
      row('partitions', ({ hub }) => whole(hub.partitions)),
      row('RU/s in use', ({ demand }) => rounded(sum(demand.projecting) + sum(demand.reading))),
      row('maximum RU/s, all containers', ({ containers }) =>
        whole(containers.reduce((total, { requestUnits }) => total + requestUnits, 0)),
      ),
      row('physical partitions after a year', ({ containers }) =>
        whole(containers.reduce((total, { physicalPartitions }) => total + physicalPartitions, 0)),
      ),
      row('TB after a year: SQL, Cosmos DB, lake', ({ storageTb: { sql, cosmos, lake } }) =>
        [sql, cosmos, lake].map(rounded).join(', '),
      ),
      ...Object.keys(plans[0]?.cost ?? {}).map((service) =>
        row(`USD a month: ${service}`, ({ cost }) => rounded(cost[service] ?? 0)),
      ),
      row('**USD a month, together**', ({ cost }) => `**${rounded(sum(cost))}**`),
      row('USD per million orders', ({ cost, workload }) =>
        rounded((sum(cost) / (workload.ordersPerSecond * 730 * 3_600)) * 1e6),
      ),
    ],
  );
}

/** When each resource runs out, sorted by rate. */
export function breaksText(breaks: readonly Break[]): string {
  return table(
    ['resource', 'deployed', 'runs out at orders/s', 'raise', 'at most', 'runs out at orders/s', 'then'],
    breaks.map(({ resource, deployed, most }) => [
      `${resource.service}: ${resource.what}`,
      `${rounded(resource.deployed)} ${resource.unit}`,
      rounded(deployed),
      resource.raise,
      `${rounded(resource.most)} ${resource.unit}`,
      rounded(most),
      resource.redesign,
    ]),
  );
}

/** What is new at each rate: what has to be raised, and what has to be redesigned. */
export function stepsText(breaks: readonly Break[], rates: readonly number[]): string {
  const steps = rates.map((rate, index) => {
    const isNew = (at: number) => at < rate && at >= (rates[index - 1] ?? 0);
    const raised = breaks.filter(({ deployed, most }) => isNew(deployed) && most >= rate);
    const changed = breaks.filter(({ most }) => isNew(most));
    return [
      `**${whole(rate)}**`,
      actionsText(raised, ({ resource }) => resource.raise),
      actionsText(changed, ({ resource }) => resource.redesign),
    ];
  });
  return table(['up to orders/s', 'raise', 'change'], steps);
}

/** Each action once, with everything that needs it. */
function actionsText(breaks: readonly Break[], actionOf: (one: Break) => string): string {
  const byAction = Map.groupBy(breaks, (one) => `${one.resource.service}\n${actionOf(one)}`);
  const texts = [...byAction.values()].map((all) => {
    const [{ resource } = {}] = all;
    return `${resource?.service} (${all.map((one) => one.resource.what).join('; ')}): ${all.slice(0, 1).map(actionOf)}`;
  });
  return texts.length === 0 ? '–' : texts.join('<br>');
}

/** The path of a command through the services, each with the rate at which it runs out. */
export function pictureText(breaks: readonly Break[]): string {
  const first = (service: string) => {
    const found = breaks.filter(({ resource }) => resource.service === service);
    const [one] = found;
    if (one === undefined) throw new Error(`Nothing of ${service} runs out.`);
    const most = Math.min(...found.map((each) => each.most));
    return `${service}<br>deployed: ${rounded(one.deployed)} orders/s (${one.resource.id})<br>at most: ${rounded(most)}`;
  };
  return [
    '```mermaid',
    'flowchart LR',
    `  gateway["${first('API Management')}"] --> apps["${first('Functions')}"]`,
    `  apps --> sql[("${first('Azure SQL')}")]`,
    `  apps -. "data keys" .-> vault["${first('Key Vault')}"]`,
    `  apps --> hub{{"${first('Event Hubs')}"}}`,
    `  hub --> cosmos[("${first('Cosmos DB')}")]`,
    `  hub -. "checkpoints" .-> storage["${first('Storage')}"]`,
    `  apps -. "traces" .-> logs["${first('Log Analytics')}"]`,
    '```',
  ].join('\n');
}

/** What the plan assumes. */
export function estimatesText(): string {
  return table(
    ['what', 'value', 'basis'],
    Object.values(ESTIMATES).map(({ what, value, unit, basis }) => [what, `${value} ${unit}`, basis]),
  );
}
