import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figures, measureRound, type Round, type Work } from './measure.ts';
import type { Counts, Peer, RunningPeer } from './peer.ts';

/** All rounds of a peer. */
export interface Measured {
  readonly name: string;
  readonly rounds: readonly Figures[];
  /** Requests that failed in the measured rounds. */
  readonly failed: number;
  /** Orders that the peer has accepted, and what it has of them at the end. */
  readonly accepted: number;
  readonly counts: Counts;
}

/** A peer that did not run or did not finish, and a sentence that says why. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

export interface Comparison {
  readonly measured: readonly Measured[];
  readonly skipped: readonly Skipped[];
}

export interface Plan {
  readonly work: Work;
  readonly rounds: number;
  /** Rounds before, so that the compilers have optimized what runs all the time. */
  readonly warmUps: number;
}

interface Contestant {
  readonly name: string;
  readonly peer: RunningPeer;
  readonly rounds: Round[];
  accepted: number;
}

interface Surroundings {
  /** Each peer gets a folder in it. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Starts all peers, and lets them take turns in each round. A peer that fails is skipped. */
export async function compare(peers: readonly Peer[], plan: Plan, { folder, say }: Surroundings): Promise<Comparison> {
  const skipped: Skipped[] = [];
  const orSkip = async <Result>(name: string, step: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await step();
    } catch (error) {
      const reason = sentence(error);
      skipped.push({ name, reason });
      say(`Skipped ${name}: ${reason}`);
      return undefined;
    }
  };
  const contestants: Contestant[] = [];
  try {
    for (const [index, { name, start }] of peers.entries()) {
      say(`Starting ${name} …`);
      const peer = await orSkip(name, async () => start(await newFolder(folder, index)));
      if (peer !== undefined) contestants.push({ name, peer, rounds: [], accepted: 0 });
    }
    let running: readonly Contestant[] = contestants;
    for (let round = 1 - plan.warmUps; round <= plan.rounds; round++) {
      say(round < 1 ? 'Warming up …' : `Round ${round} of ${plan.rounds} …`);
      running = await those(running, (one) => orSkip(one.name, () => takeTurn(one, plan.work, round >= 1)));
    }
    const measured = new Map<Contestant, Measured>();
    await those(running, (one) => orSkip(one.name, async () => measured.set(one, await resultOf(one))));
    return { measured: [...measured.values()], skipped };
  } finally {
    await Promise.allSettled(contestants.map(({ peer }) => peer.stop()));
  }
}

async function newFolder(folder: string, index: number): Promise<string> {
  const path = join(folder, String(index));
  await mkdir(path);
  return path;
}

/** Those contestants for which the step, one after the other, has a result. */
async function those(
  contestants: readonly Contestant[],
  step: (contestant: Contestant) => Promise<unknown>,
): Promise<readonly Contestant[]> {
  const kept: Contestant[] = [];
  for (const contestant of contestants) {
    if ((await step(contestant)) !== undefined) kept.push(contestant);
  }
  return kept;
}

async function takeTurn(contestant: Contestant, work: Work, counts: boolean): Promise<Round> {
  const round = await measureRound(contestant.peer, work, contestant.accepted);
  contestant.accepted += round.placed;
  if (counts) contestant.rounds.push(round);
  return round;
}

async function resultOf({ name, peer, rounds, accepted }: Contestant): Promise<Measured> {
  return {
    name,
    rounds: rounds.map(({ figures }) => figures),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
    accepted,
    counts: await peer.count(),
  };
}

const MAX_REASON = 300;

/** An error in one line. */
function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').slice(0, MAX_REASON);
}
