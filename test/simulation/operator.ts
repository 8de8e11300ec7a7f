import type { Cluster, RunningSync } from './cluster.ts';
import { tokenOf } from './edges/issuer.ts';
import type { FunctionAnswer } from './http/function-answer.ts';
import type { FunctionRequest } from './http/http-api.ts';
import type { World } from './kernel/world.ts';

/** Time (ms) between two attempts of an operation. */
const RETRY_MS = 2_000;

/** Operates the system. Retries each operation, each time on a random process of the sync app, until it succeeds. */
export class Operator {
  readonly world: World;
  readonly cluster: Cluster;
  #busy = 0;

  constructor(world: World, cluster: Cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  /** True when everything that was started has ended. */
  get isIdle(): boolean {
    return this.#busy === 0;
  }

  /** Starts work that must end. */
  start(work: () => Promise<void>): void {
    this.#busy += 1;
    void work().then(() => {
      this.#busy -= 1;
    });
  }

  /** Decides whether an operation of a kind happens. */
  happens(kind: string, step: string): boolean {
    return this.world.fault(kind, 'admin', step);
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.world.schedule(ms, resolve));
  }

  /** Waits between two attempts. */
  pauseBeforeRetry(): Promise<void> {
    return this.pause(RETRY_MS);
  }

  /** Retries an operation until it succeeds. A failed attempt may have taken effect. */
  async untilSucceeded<Result>(name: string, operation: (sync: RunningSync) => Promise<Result>): Promise<Result> {
    for (;;) {
      const { syncs } = this.cluster;
      const sync = syncs.length === 0 ? undefined : this.world.dice.pick(name, syncs);
      const done = sync && (await Promise.race([succeeded(operation(sync)), sync.process.crashed]));
      this.world.note('admin', `${name}: ${done === undefined ? 'failed' : 'done'}`);
      if (done !== undefined) return done.result;
      await this.pauseBeforeRetry();
    }
  }

  /** Sends an admin's request to the sync app, and retries until the answer has one of the statuses. */
  request(name: string, request: FunctionRequest, statuses: readonly number[]): Promise<FunctionAnswer> {
    return this.untilSucceeded(name, async ({ api }) => {
      const token = await this.world.outside(
        tokenOf({ userId: 'operator', roles: new Set(['admin']), customerId: undefined }),
      );
      const answer = await api.send(name, { ...request, headers: { authorization: `Bearer ${token}` } });
      if (!statuses.includes(answer.status)) throw new Error(`${name} answered with ${answer.status}.`);
      return answer;
    });
  }
}

const succeeded = <Result>(work: Promise<Result>): Promise<{ readonly result: Result } | undefined> =>
  work.then(
    (result) => ({ result }),
    () => undefined,
  );
