import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Effort } from '../measuring/rounds.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';

const PROGRAM = 'bench/peers/main.ts';
const MAX_BYTES = 2 ** 26;

/** Null for what a peer does not do. */
const figure = z.number().nullable();
const round = z.object({
  commandsPerSecond: figure,
  cpuMsPerCommand: figure,
  standInsCpuMsPerCommand: figure,
  readsPerSecond: figure,
  cpuMsPerRead: figure,
});
const comparison = z.object({ measured: z.array(z.object({ name: z.string(), rounds: z.array(round) })) });
const output = z.object({
  /** Two for each comparison. */
  tables: z.array(z.object({ title: z.string() })),
  comparison,
  /** With the latency of the cloud. The first peer is this project, over HTTP. */
  latency: z.array(comparison),
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
});
type Peer = z.infer<typeof comparison>['measured'][number];

/** Runs the comparison with other ways to build the same service. The first peer is this project. */
export async function peerFigures({ quick, say }: Effort): Promise<readonly Figure[]> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there`);
  say('runs the comparison with other systems');
  const run = promisify(execFile)(process.execPath, [PROGRAM, '--json', ...(quick ? ['--quick'] : [])], {
    maxBuffer: MAX_BYTES,
  });
  run.child.stderr?.setEncoding('utf8').on('data', (text: string) => say(text.trim()));
  const { stdout } = await run;
  return figuresOfPeers(stdout, say);
}

/** @param stdout of the comparison: its last line is JSON */
export function figuresOfPeers(stdout: string, say: (line: string) => void): readonly Figure[] {
  const { tables, latency, skipped, ...same } = output.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  for (const { name, reason } of skipped) say(`${name} was skipped: ${reason}`);
  const [ours, ...others] = same.comparison.measured;
  if (ours === undefined) throw new Error('the comparison has measured nothing');
  return [
    ...figuresOf(ours),
    ...others.flatMap((peer) => [...figuresOf(peer), ...ratiosTo(ours, peer)]),
    ...latency.flatMap(({ measured: distant }, index) => latencyFigures(tables[2 * index + 2]?.title ?? '', distant)),
  ];
}

const KINDS = [
  ['commandsPerSecond', 'commands/s'],
  ['cpuMsPerCommand', 'CPU ms per command'],
  ['standInsCpuMsPerCommand', 'CPU ms per command, of it stand-ins'],
  ['readsPerSecond', 'GETs/s'],
  ['cpuMsPerRead', 'CPU ms per GET'],
] as const;

function figuresOf(peer: Peer): readonly Figure[] {
  return KINDS.flatMap(([kind, unit]) => {
    const values = peer.rounds.flatMap((one) => one[kind] ?? []);
    return values.length === 0 ? [] : [measured(peer.name, values, unit)];
  });
}

function ratiosTo(ours: Peer, peer: Peer): readonly Figure[] {
  return (['commandsPerSecond', 'readsPerSecond'] as const).flatMap((kind) => {
    const of = ({ rounds }: Peer) => rounds.map((one) => one[kind] ?? Number.NaN);
    const ratios = ratiosOf(of(peer), of(ours)).filter(Number.isFinite);
    const what = kind === 'commandsPerSecond' ? 'commands/s' : 'GETs/s';
    return ratios.length === 0 ? [] : [measured(`${what}: ${peer.name} : ${ours.name}`, ratios, RATIO)];
  });
}

/** With the latency of the cloud, by the name of the peer that this project is compared with. */
const GOALS = [
  [/naive/i, { atLeast: 3 }],
  [/store calls/i, { atLeast: 0.7 }],
] as const;

/** @param title of the table, which begins with the latencies */
function latencyFigures(title: string, [ours, ...others]: readonly Peer[]): readonly Figure[] {
  const [latencies = ''] = title.split(': ');
  const rates = (peer: Peer | undefined) => peer?.rounds.map((one) => one.commandsPerSecond ?? Number.NaN) ?? [];
  return others.flatMap((peer) => {
    const ratios = ratiosOf(rates(ours), rates(peer)).filter(Number.isFinite);
    const what = `${latencies}: ${ours?.name} : ${peer.name}`;
    return ratios.length === 0
      ? []
      : [measured(what, ratios, RATIO, GOALS.find(([name]) => name.test(peer.name))?.[1])];
  });
}
