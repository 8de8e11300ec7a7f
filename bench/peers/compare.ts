import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figures, measureRound, type Round, type Work } from './measure.ts';
import type { Counts, Peer, RunningPeer } from './peer.ts';

/** The measurements of a peer. */
export interface Measured {
  readonly name: string;
  readonly rounds: readonly Figures[];
  /** Requests that failed in the measured rounds. */
  readonly failed: number;
  /** Orders that the peer has accepted. */
  readonly accepted: number;
  /** Orders that the peer has in the end. */
  readonly counts: Counts;
}

/** A peer that did not start or did not finish. */
export interface Skipped {
  readonly name: string;
  /** One line. */
  readonly reason: string;
}

/** The outcome for all peers. */
export interface Comparison {
  readonly measured: readonly Measured[];
  readonly skipped: readonly Skipped[];
}

/** How much is measured. */
export interface Plan {
  readonly work: Work;
  readonly rounds: number;
  /** Rounds before the measured ones, in which the just-in-time compilers optimize the code. */
  readonly warmUps: number;
}

/** A peer that has started. */
interface Participant {
  readonly name: string;
  readonly peer: RunningPeer;
  readonly rounds: Round[];
  accepted: number;
}

interface CompareOptions {
  /** The parent of the peers' folders. */
  readonly folder: string;
  /** Reports progress. */
  readonly say: (line: string) => void;
}

/**
 * Starts all peers, and measures them one after the other in each round. A peer that fails is skipped.
 * @param peers the first one is the reference of ratios
 */
export async function compare(peers: readonly Peer[], plan: Plan, { folder, say }: CompareOptions): Promise<Comparison> {
  const skipped: Skipped[] = [];
  const skipOnError = async <Result>(name: string, step: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await step();
    } catch (error) {
      const reason = oneLine(error);
      skipped.push({ name, reason });
      say(`Skipped ${name}: ${reason}`);
      return undefined;
    }
  };
  const participants: Participant[] = [];
  try {
    for (const [index, { name, start }] of peers.entries()) {
      say(`Starting ${name} …`);
      const peer = await skipOnError(name, async () => start(await newFolder(folder, index)));
      if (peer !== undefined) participants.push({ name, peer, rounds: [], accepted: 0 });
    }
    let running: readonly Participant[] = participants;
    for (let round = 1 - plan.warmUps; round <= plan.rounds; round++) {
      say(round < 1 ? 'Warming up …' : `Round ${round} of ${plan.rounds} …`);
      running = await remaining(running, (one) => skipOnError(one.name, () => runRound(one, plan.work, round >= 1)));
    }
    const measured = new Map<Participant, Measured>();
    await remaining(running, (one) => skipOnError(one.name, async () => measured.set(one, await resultOf(one))));
    return { measured: [...measured.values()], skipped };
  } finally {
    await Promise.allSettled(participants.map(({ peer }) => peer.stop()));
  }
}

async function newFolder(folder: string, index: number): Promise<string> {
  const path = join(folder, String(index));
  await mkdir(path);
  return path;
}

/** Runs a step for one participant after the other. Resolves to those that were not skipped. */
async function remaining(
  participants: readonly Participant[],
  step: (participant: Participant) => Promise<unknown>,
): Promise<readonly Participant[]> {
  const kept: Participant[] = [];
  for (const participant of participants) {
    if ((await step(participant)) !== undefined) kept.push(participant);
  }
  return kept;
}

async function runRound(participant: Participant, work: Work, isMeasured: boolean): Promise<Round> {
  const round = await measureRound(participant.peer, work, participant.accepted);
  participant.accepted += round.placed;
  if (isMeasured) participant.rounds.push(round);
  return round;
}

async function resultOf({ name, peer, rounds, accepted }: Participant): Promise<Measured> {
  return {
    name,
    rounds: rounds.map(({ figures }) => figures),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
    accepted,
    counts: await peer.count(),
  };
}

const MAX_REASON = 300;

/** The message of an error without line breaks. */
function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').slice(0, MAX_REASON);
}
