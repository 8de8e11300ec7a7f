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

/** Starts all peers, and lets them take turns in each round. A peer that fails is skipped. */
export async function compare(
  peers: readonly Peer[],
  { work, rounds, warmUps }: Plan,
  { folder, say }: { readonly folder: string; readonly say: (line: string) => void },
): Promise<Comparison> {
  const skipped: Skipped[] = [];
  const contestants = new Set<Contestant>();
  const orSkip = async (name: string, step: () => Promise<void>): Promise<boolean> => {
    try {
      await step();
      return true;
    } catch (error) {
      skipped.push({ name, reason: error instanceof Error ? error.message : String(error) });
      say(`Skipped ${name}: ${skipped.at(-1)?.reason}`);
      return false;
    }
  };
  for (const [index, { name, start }] of peers.entries()) {
    say(`Starting ${name} …`);
    await orSkip(name, async () => {
      const own = join(folder, String(index));
      await mkdir(own);
      contestants.add({ name, peer: await start(own), rounds: [], accepted: 0 });
    });
  }
  try {
    for (let round = 1 - warmUps; round <= rounds; round++) {
      say(round < 1 ? 'Warming up …' : `Round ${round} of ${rounds} …`);
      for (const contestant of contestants) {
        const isDone = await orSkip(contestant.name, () => takeTurn(contestant, work, round >= 1));
        if (isDone) continue;
        contestants.delete(contestant);
        await contestant.peer.stop();
      }
    }
    return { measured: await Promise.all([...contestants].map(resultOf)), skipped };
  } finally {
    await Promise.all([...contestants].map(({ peer }) => peer.stop()));
  }
}

async function takeTurn(contestant: Contestant, work: Work, counts: boolean): Promise<void> {
  const round = await measureRound(contestant.peer, work, contestant.accepted);
  contestant.accepted += round.placed;
  if (counts) contestant.rounds.push(round);
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
