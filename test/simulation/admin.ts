import { DEAD_LETTERS, REPLAYS } from '../../src/shared/read-models/containers.ts';
import { redrive } from '../../src/sync/dead-letters/redrive.ts';
import { redriverOf } from '../../src/sync/dead-letters/redriver-of.ts';
import { deadLetters, findWaiting } from '../../src/sync/dead-letters/stored-dead-letters.ts';
import { PROJECTIONS } from '../../src/sync/projections/projections.ts';
import { createReplay } from '../../src/sync/replay/start-replay.ts';
import type { Cluster, RunningSync } from './cluster.ts';
import { PARTITIONS } from './edges/hub.ts';
import type { World } from './kernel/world.ts';
import { Operator } from './operator.ts';
import { DEFECTIVE_RELEASE, NEXT_RELEASE } from './releases.ts';

/** Kinds of operations and accidents in the middle of a run. Each happens at most once. */
export const OPERATIONS = {
  'read model lost and replayed': 0.6,
  'master key rotated': 0.6,
  'defective release': 0.5,
  'next version deployed': 0.5,
  'foreign message in the hub': 0.5,
};

/** How the bodies of foreign messages start. */
export const FOREIGN = 'not an event';

/** The people who operate the system. */
export class Admin {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #operator: Operator;

  constructor(world: World, cluster: Cluster) {
    this.#world = world;
    this.#cluster = cluster;
    this.#operator = new Operator(world, cluster);
  }

  /** True when all operations are done, replays are completed, and dead letters of defects are redriven. */
  get isDone(): boolean {
    const replays = this.#cluster.services.documents.all(REPLAYS.name);
    return this.#operator.isIdle && this.#waiting === 0 && replays.every(({ status }) => status === 'completed');
  }

  /** Starts all operations. */
  start(): void {
    const isDefective = this.#operator.happens('defective release', 'the first release');
    if (isDefective) this.#cluster.release = DEFECTIVE_RELEASE;
    for (const operation of [this.#loseReadModel, this.#rotateKey, this.#disturb]) {
      this.#operator.start(() => operation.call(this));
    }
    this.#operator.start(() => this.#deploy(isDefective));
    void this.#redriveAll();
  }

  /** Waiting dead letters of events. */
  get #waiting(): number {
    const letters = this.#cluster.services.documents.all(DEAD_LETTERS.name);
    return letters.filter(({ status, event }) => status === 'waiting' && !String(event).startsWith(FOREIGN)).length;
  }

  async #loseReadModel(): Promise<void> {
    const { dice } = this.#world;
    await this.#operator.pause(dice.between('read model lost', 4_000, 22_000));
    const { name, readModel } = dice.pick('read model lost', PROJECTIONS).projection.container;
    if (!this.#operator.happens('read model lost and replayed', name)) return;
    this.#cluster.services.documents.clear(name);
    await this.#replay(readModel);
  }

  async #rotateKey(): Promise<void> {
    await this.#operator.pause(this.#world.dice.between('rotation', 3_000, 22_000));
    if (this.#operator.happens('master key rotated', 'vault')) this.#cluster.services.vault.rotate();
  }

  /** Replaces a defective release, and deploys a new version with a replay of everything. */
  async #deploy(isDefective: boolean): Promise<void> {
    const { dice } = this.#world;
    await this.#operator.pause(dice.between('deployment', 5_000, 20_000));
    const isNext = this.#operator.happens('next version deployed', 'sync');
    if (!isDefective && !isNext) return;
    if (isNext && this.#cluster.searchGeneration !== undefined) this.#cluster.searchGeneration += 1;
    await this.#cluster.deploy(isNext ? NEXT_RELEASE : PROJECTIONS);
    if (isNext) await this.#replay('all');
  }

  async #disturb(): Promise<void> {
    const { dice } = this.#world;
    await this.#operator.pause(dice.between('foreign message', 1_000, 20_000));
    if (!this.#operator.happens('foreign message in the hub', 'hub')) return;
    const message = { eventId: 'foreign', body: Buffer.from(`${FOREIGN} 1`), properties: {} };
    this.#cluster.services.hub.append(dice.pick('foreign message', PARTITIONS), [message]);
  }

  #replay(readModel: string): Promise<void> {
    return this.#operator.untilSucceeded(`replay ${readModel}`, ({ app, process }) =>
      createReplay(app, process.runtime.newId(), { readModel }, new Date(process.runtime.now()).toISOString()),
    );
  }

  /** Redrives dead letters whenever there are some and no process has the defective release. */
  async #redriveAll(): Promise<void> {
    for (;;) {
      await this.#operator.pauseBeforeRetry();
      const isRepaired = this.#cluster.release !== DEFECTIVE_RELEASE && this.#cluster.isDeployed;
      if (isRepaired && this.#waiting > 0) await this.#operator.untilSucceeded('redrive', redriveWaiting);
    }
  }
}

/** Redrives the waiting dead letters, as the admin's request does. */
async function redriveWaiting({ app, process }: RunningSync): Promise<void> {
  for await (const { _etag: etag, ...letter } of findWaiting(deadLetters(app), {})) {
    if (letter.event.startsWith(FOREIGN)) continue;
    const handle = redriverOf(app, letter.readModel);
    await redrive(deadLetters(app), { letter, etag }, handle, new Date(process.runtime.now()));
  }
}
