import { setTimeout as sleep } from 'node:timers/promises';
import { newOrders } from './order.ts';
import type { CpuTime, RunningPeer } from './peer.ts';

/** The work of a round, the same for every peer. */
export interface Work {
  readonly commands: number;
  readonly reads: number;
  readonly atOnce: number;
}

/** The measurements of a peer in one round. NaN for what the peer does not do. */
export interface Figures {
  readonly commandsPerSecond: number;
  readonly commandP50Ms: number;
  /** CPU time of all processes of the peer, until the read models have every order. */
  readonly cpuMsPerCommand: number;
  /** The part of the CPU time that the stand-ins for Azure services use. */
  readonly standInsCpuMsPerCommand: number;
  readonly readsPerSecond: number;
  readonly cpuMsPerRead: number;
}

/** The measurements of a round, the orders that were accepted, and the requests that failed. */
export interface Round {
  readonly figures: Figures;
  readonly placed: number;
  readonly failed: number;
}

/** Limit for the read models to catch up. Orders that they lack then are reported. */
const SETTLE_LIMIT_MS = 120_000;
const POLL_MS = 200;

/**
 * Runs the work once, and waits for the read models between the commands and the reads.
 * @param before orders that the peer has accepted in earlier rounds
 */
export async function measureRound(peer: RunningPeer, work: Work, before: number): Promise<Round> {
  const orders = newOrders(work.commands);
  const atStart = peer.cpu();
  const placed = await peer.place(orders, work.atOnce);
  await settled(peer, before + work.commands - placed.failed);
  const afterCommands = peer.cpu();
  const read = await peer.read?.(idsToRead(orders, work.reads), work.atOnce);
  const afterReads = peer.cpu();
  const perCommand = (part: keyof CpuTime) => milliseconds(afterCommands[part] - atStart[part], work.commands);
  return {
    figures: {
      commandsPerSecond: placed.perSecond,
      commandP50Ms: placed.p50Ms,
      cpuMsPerCommand: perCommand('all'),
      standInsCpuMsPerCommand: perCommand('standIns'),
      readsPerSecond: read?.perSecond ?? Number.NaN,
      cpuMsPerRead: read ? milliseconds(afterReads.all - afterCommands.all, work.reads) : Number.NaN,
    },
    placed: work.commands - placed.failed,
    failed: placed.failed + (read?.failed ?? 0),
  };
}

const milliseconds = (seconds: number, times: number): number => (seconds * 1_000) / times;

function idsToRead(orders: ReturnType<typeof newOrders>, reads: number): readonly string[] {
  return Array.from({ length: reads }, (_, index) => orders[index % orders.length]?.orderId ?? '');
}

async function settled(peer: RunningPeer, expected: number): Promise<void> {
  for (const startedAt = Date.now(); Date.now() - startedAt < SETTLE_LIMIT_MS; await sleep(POLL_MS)) {
    const { projected } = await peer.count();
    if (projected >= expected) return;
  }
}
