import { openSqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { commandsConfig } from '../../src/shared/config.ts';
import { openMasterKey } from '../../src/shared/personal-data/open-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf } from '../../test/support/commands/command-bus.ts';
import { cpuSeconds } from '../cpu-seconds.ts';
import { type Cost, inParallel, measureCost, range } from '../measuring/drive.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { startBenchAzure } from '../system/azure.ts';
import { type CommandLayers, openCommandLayers } from '../system/command-layers.ts';
import { allProjected } from '../system/lag.ts';
import { markAllPublished } from '../system/mark-all-published.ts';
import { addCustomersAndProducts, newOrders, placeCommand, SETUP_COMMANDS } from '../system/sample-orders.ts';
import { startWholeSystem, type WholeSystem } from '../system/whole-system.ts';

const AT_ONCE = 16;
const CPU_MS = 'CPU ms per command';
/** Additional warm-up rounds of the apps. The layers in this process need fewer, because they share code and warm it up together. */
const APP_WARM_UPS = 3;

type Layer = 'store calls' | 'bus' | 'publishing' | 'HTTP' | 'whole system';

/** What a command costs in the apps, and in the stand-ins. */
interface LayerCost extends Cost {
  /** CPU ms of the stand-ins per command. Absent for layers whose stand-ins are not measured. */
  readonly standIns?: number;
}

/** Measures how orders are placed layer by layer: from the two calls to the write store alone to the whole system over HTTP. */
export async function commandFigures(effort: Effort): Promise<readonly Figure[]> {
  const commands = effort.quick ? 64 : 300;
  effort.say('starts the command app, and the whole system');
  const [azure, system] = await Promise.all([startBenchAzure(), startWholeSystem()]);
  const store = await openSqliteWriteStore(azure.writeStore, systemRuntime);
  const config = commandsConfig(azure.settings);
  const masterKey = openMasterKey(config.masterKey, systemRuntime);
  const layers = openCommandLayers(store, masterKey, azure.settings.EventHubConnection ?? '');
  await inParallel(SETUP_COMMANDS, AT_ONCE, (command) => layers.bus.dispatch(envelopeOf(command)));
  await markAllPublished(store);
  const app = await azure.startApp('commands');
  const client = azure.clientOf(app);
  await addCustomersAndProducts(system.client);
  const ofApp = async (): Promise<LayerCost> => {
    const before = cpuSeconds(app.pid);
    const { perSecond } = await measureCost(newOrders(commands), AT_ONCE, (order) => client.post('/orders', order));
    return { perSecond, cpuMs: ((cpuSeconds(app.pid) - before) * 1_000) / commands };
  };
  try {
    for (const _ of range(APP_WARM_UPS)) {
      await ofApp();
      await onSystem(system, commands);
    }
    const samples = await alternate<Layer, LayerCost>(
      new Map([
        ['store calls', () => storeCalls(layers, commands).finally(() => markAllPublished(store))],
        ['bus', () => onBus(layers, 'bus', commands).finally(() => markAllPublished(store))],
        ['publishing', () => onBus(layers, 'publishingBus', commands)],
        ['HTTP', ofApp],
        ['whole system', () => onSystem(system, commands)],
      ]),
      effort,
    );
    return figuresOf(samples);
  } finally {
    client.close();
    await Promise.all([app.stop(), system.stop(), layers.close()]);
    await store.close();
    await azure.close();
  }
}

async function storeCalls(layers: CommandLayers, commands: number): Promise<LayerCost> {
  const calls = await layers.callsOf(newOrders(commands));
  return measureCost(calls, AT_ONCE, layers.call);
}

function onBus(layers: CommandLayers, bus: 'bus' | 'publishingBus', commands: number): Promise<LayerCost> {
  const envelopes = newOrders(commands).map((order) => envelopeOf(placeCommand(order)));
  return measureCost(envelopes, AT_ONCE, (envelope) => layers[bus].dispatch(envelope), layers.published);
}

/** The CPU time includes the projections. */
async function onSystem({ client, cpuMs }: WholeSystem, commands: number): Promise<LayerCost> {
  const before = cpuMs();
  const place = (order: object) => client.post('/orders', order);
  const { perSecond } = await measureCost(newOrders(commands), AT_ONCE, place, () => allProjected(client));
  const used = new Map([...cpuMs()].map(([role, ms]) => [role, (ms - (before.get(role) ?? 0)) / commands]));
  const apps = used.get('apps') ?? 0;
  return { perSecond, cpuMs: apps, standIns: (used.get('Azurite') ?? 0) + (used.get('other stand-ins') ?? 0) };
}

function figuresOf(samples: (layer: Layer) => readonly LayerCost[]): readonly Figure[] {
  const rates = (layer: Layer) => samples(layer).map(({ perSecond }) => perSecond);
  const cpu = (layer: Layer) => samples(layer).map(({ cpuMs }) => cpuMs);
  const ratio = (what: string, layer: Layer) =>
    measured(
      `${what}, commands/s relative to the two store calls alone`,
      ratiosOf(rates(layer), rates('store calls')),
      RATIO,
    );
  const http = cpu('HTTP').map((ms, round) => ms - (cpu('publishing')[round] ?? 0));
  const standIns = samples('whole system').map((sample) => sample.standIns ?? 0);
  return [
    measured('the two store calls alone', rates('store calls'), 'commands/s'),
    ratio('command bus', 'bus'),
    ratio('bus and publishing', 'publishing'),
    ratio('HTTP, command app only', 'HTTP'),
    ratio('HTTP, whole system', 'whole system'),
    // Not a goal for the ratio: faster store calls would make it harder to reach
    measured('HTTP, whole system', rates('whole system'), 'commands/s', { atLeast: 400 }),
    measured('the two store calls alone', cpu('store calls'), CPU_MS),
    measured('command bus', cpu('bus'), CPU_MS),
    measured('bus and publishing', cpu('publishing'), CPU_MS, { atMost: 0.8 }),
    measured('HTTP, command app only', cpu('HTTP'), CPU_MS),
    measured('HTTP, added to bus and publishing', http, CPU_MS, { atMost: 0.5 }),
    measured('HTTP, whole system with projections: apps', cpu('whole system'), CPU_MS),
    measured('HTTP, whole system with projections: stand-ins', standIns, CPU_MS),
  ];
}
