import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Effort } from '../measuring/rounds.ts';
import { type Figure, measured, RATIO, type Row } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';

const PROGRAM = 'bench/peers/main.ts';
/** Maximum size of the output. */
const MAX_BYTES = 2 ** 26;

/** JSON has no NaN: a figure that a peer does not have is null. */
const figure = z.number().nullable();
const round = z.object({
  commandsPerSecond: figure,
  cpuMsPerCommand: figure,
  standInsCpuMsPerCommand: figure,
  readsPerSecond: figure,
  cpuMsPerRead: figure,
});
const comparison = z.object({
  title: z.string(),
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
  measured: z.array(z.object({ name: z.string(), rounds: z.array(round) })),
});
/** First the comparison without latency, then those with the latencies of the cloud. In each, this project is the first peer unless it was skipped. */
const output = z.array(comparison);
type Peer = z.infer<typeof comparison>['measured'][number];

/** Runs the comparison with other ways to build the same service. */
export async function peerFigures({ quick, say }: Effort): Promise<readonly Row[]> {
  say('runs the comparison with other systems');
  const run = promisify(execFile)(process.execPath, [PROGRAM, '--json', ...(quick ? ['--quick'] : [])], {
    maxBuffer: MAX_BYTES,
  });
  run.child.stderr?.setEncoding('utf8').on('data', (text: string) => say(text.trim()));
  const { stdout } = await run;
  return rowsOfPeers(stdout);
}

/**
 * Reads the output of the comparison, whose last line is JSON. A peer that was skipped has a row that says why.
 * @throws {Error} when this project was not measured
 */
export function rowsOfPeers(stdout: string): readonly Row[] {
  const [local, ...withLatency] = output.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  const [ours, ...others] = local?.measured ?? [];
  if (!isThisProject(ours)) throw new Error('this project was not measured');
  return [
    ...figuresOf(ours),
    ...others.flatMap((peer) => [...figuresOf(peer), ...ratiosTo(ours, peer)]),
    ...skippedRows(local?.skipped ?? []),
    ...withLatency.flatMap(({ title, measured: peers, skipped }) => [
      ...latencyFigures(title, peers),
      ...skippedRows(skipped, `${title}: `),
    ]),
  ];
}

function skippedRows(skipped: z.infer<typeof comparison>['skipped'], at = ''): readonly Row[] {
  return skipped.map(({ name, reason }) => ({ what: at === '' ? name : `${at}${inSentence(name)}`, reason }));
}

/** A peer's name within a sentence. Some names are proper nouns. */
const inSentence = (name: string): string => name.replace(/^(?:The|This) /, (word) => word.toLowerCase());

const isThisProject = (peer: Peer | undefined): peer is Peer => peer?.name.startsWith('This project') ?? false;

const KINDS = [
  ['commandsPerSecond', 'commands/s'],
  ['cpuMsPerCommand', 'CPU ms per command'],
  ['standInsCpuMsPerCommand', 'CPU ms per command in stand-ins'],
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
    return ratios.length === 0
      ? []
      : [measured(`${peer.name}: ${what} relative to ${inSentence(ours.name)}`, ratios, RATIO)];
  });
}

/** Goals with the latencies of the cloud, by the name of the peer with which this project is compared. */
const GOALS = [
  [/naive/i, { atLeast: 3 }],
  [/store calls/i, { atLeast: 0.7 }],
] as const;

/** @param title names the latencies */
function latencyFigures(title: string, [ours, ...others]: readonly Peer[]): readonly Figure[] {
  if (!isThisProject(ours)) return [];
  const rates = ({ rounds }: Peer) => rounds.map((one) => one.commandsPerSecond ?? Number.NaN);
  return others.flatMap((peer) => {
    const ratios = ratiosOf(rates(ours), rates(peer)).filter(Number.isFinite);
    const what = `${title}: ${inSentence(ours.name)}, commands/s relative to ${inSentence(peer.name)}`;
    return ratios.length === 0
      ? []
      : [measured(what, ratios, RATIO, GOALS.find(([name]) => name.test(peer.name))?.[1])];
  });
}
