import { withinLimit } from '../deadline.ts';
import { type LazyResource, lazyResource } from '../lazy-resource.ts';
import type { Clock } from '../runtime.ts';
import { replicaReadCount } from '../telemetry/metrics.ts';
import type { Dated, Heartbeat } from './heartbeat.ts';

/** Milliseconds after which a replica that has not answered counts as away. */
const LIMIT_MS = 5_000;
/** Milliseconds for which a replica that was away is not asked again. */
const REST_MS = 10_000;

/** The write database and its readable replica, as a reader uses them. */
export interface Copies<Store> {
  readonly primary: () => Promise<Store>;
  /** Absent: there is no replica, and the primary answers. */
  readonly replica?: (() => Promise<Store>) | undefined;
}

/** Whether a reader takes an answer of the replica. An answer without a heartbeat is never taken. */
export type IsTaken<Answer> = (answer: Answer, heartbeat: Heartbeat) => boolean;

/** An answer, and its maximum age (ms): 0 from the primary. */
export interface AgedAnswer<Answer> {
  readonly answer: Answer;
  readonly ageMs: number;
}

/** `behind`: the replica's answer was not taken. `away`: it did not answer, has not answered lately, or does not exist. */
export type ReplicaAnswer<Answer> = AgedAnswer<Answer> | 'behind' | 'away';

/** Reads that a replica may answer. */
export interface ReplicaReads<Store> {
  /** Reads from the replica, or from the primary if the replica's answer is not taken. Rejects with the faults of the primary. */
  read<Answer extends Dated>(work: Work<Store, Answer>, isTaken: IsTaken<Answer>): Promise<AgedAnswer<Answer>>;
  /** Reads from the primary alone. Rejects with its faults. */
  readPrimary<Answer extends Dated>(work: Work<Store, Answer>): Promise<AgedAnswer<Answer>>;
  /** Reads from the replica alone. Never rejects. */
  readReplica<Answer extends Dated>(
    work: Work<Store, Answer>,
    isTaken: IsTaken<Answer>,
  ): Promise<ReplicaAnswer<Answer>>;
}

type Work<Store, Answer> = (store: Store) => Promise<Answer>;

/** A replica that is opened when it is first read. Undefined if there is none. */
export function lazyReplica<Store extends { close(): Promise<void> }>(
  connectionString: string | undefined,
  open: (connectionString: string) => Promise<Store>,
): LazyResource<Store> | undefined {
  return connectionString === undefined ? undefined : lazyResource(() => open(connectionString));
}

/** Creates the reads of one process. */
export function replicaReads<Store>(
  { primary, replica }: Copies<Store>,
  { monotonicMs, timer }: Pick<Clock, 'monotonicMs' | 'timer'>,
): ReplicaReads<Store> {
  let restsUntil = Number.NEGATIVE_INFINITY;
  const rest = (error: unknown): undefined => {
    restsUntil = monotonicMs() + REST_MS;
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`The replica of the write database does not answer: ${reason}`);
  };
  const ask = async <Answer extends Dated>(work: Work<Store, Answer>, isTaken: IsTaken<Answer>) => {
    if (replica === undefined || monotonicMs() < restsUntil) return 'away';
    const asked = withinLimit(LIMIT_MS, timer, async () => work(await replica()), tooSlow);
    const answer = await asked.catch(rest);
    return answer === undefined ? 'away' : take(answer, isTaken);
  };
  const readReplica: ReplicaReads<Store>['readReplica'] = async (work, isTaken) => {
    const read = await ask(work, isTaken);
    if (replica !== undefined) replicaReadCount.add(1, { outcome: typeof read === 'string' ? read : 'answered' });
    return read;
  };
  const readPrimary: ReplicaReads<Store>['readPrimary'] = async (work) => ({
    answer: await work(await primary()),
    ageMs: 0,
  });
  return {
    readReplica,
    readPrimary,
    read: async (work, isTaken) => {
      const read = await readReplica(work, isTaken);
      return typeof read === 'string' ? readPrimary(work) : read;
    },
  };
}

function take<Answer extends Dated>(answer: Answer, isTaken: IsTaken<Answer>): AgedAnswer<Answer> | 'behind' {
  const { heartbeat } = answer;
  return heartbeat !== undefined && isTaken(answer, heartbeat) ? { answer, ageMs: heartbeat.ageMs } : 'behind';
}

const tooSlow = () => new Error(`it has not answered within ${LIMIT_MS / 1_000} s.`);
