import { DEAD_LETTERS, REPLAYS, WEBHOOK_DELIVERIES } from '../../src/shared/read-models/containers.ts';
import { redrive } from '../../src/sync/dead-letters/redrive.ts';
import { deadLetters, findWaiting } from '../../src/sync/dead-letters/stored-dead-letters.ts';
import { PROJECTIONS } from '../../src/sync/projections/projections.ts';
import { projectorOf } from '../../src/sync/projector/projector-of.ts';
import { createReplay } from '../../src/sync/replay/start-replay.ts';
import { saveSubscription } from '../../src/sync/webhooks/save-webhook.ts';
import type { Cluster, RunningSync } from './cluster.ts';
import { PARTITIONS } from './edges/hub.ts';
import { PARTNER_EVENTS, PARTNER_URL } from './edges/partner.ts';
import type { World } from './kernel/world.ts';
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

/** A secret in the format of Standard Webhooks. */
const SECRET = `whsec_${Buffer.alloc(32, 'secret').toString('base64')}`;

/** Time (ms) between two attempts of an operation. */
const RETRY_MS = 2_000;

/** The people who operate the system. */
export class Admin {
  readonly #world: World;
  readonly #cluster: Cluster;
  #busy = 0;

  constructor(world: World, cluster: Cluster) {
    this.#world = world;
    this.#cluster = cluster;
  }

  /** True when all operations are done, replays are completed, and dead letters of defects are redriven. */
  get isDone(): boolean {
    const replays = this.#cluster.services.documents.all(REPLAYS.name);
    return this.#busy === 0 && this.#waiting === 0 && replays.every(({ status }) => status === 'completed');
  }

  /** Subscribes the partner to events of orders. */
  subscribe(): Promise<void> {
    return this.#insist('subscribe the partner', async ({ app }) => {
      await saveSubscription(app, { url: PARTNER_URL, eventTypes: PARTNER_EVENTS, secret: SECRET });
    });
  }

  /** Starts all operations. */
  start(): void {
    const isDefective = this.#happens('defective release', 'the first release');
    if (isDefective) this.#cluster.release = DEFECTIVE_RELEASE;
    const operations = [this.#loseReadModel(), this.#rotateKey(), this.#deploy(isDefective), this.#disturb()];
    for (const operation of operations) {
      this.#busy += 1;
      void operation.then(() => {
        this.#busy -= 1;
      });
    }
    void this.#redriveAll();
  }

  /** True when no message waits for its next attempt. */
  get isDelivered(): boolean {
    return this.#cluster.services.documents.all(WEBHOOK_DELIVERIES.name).every(({ status }) => status !== 'pending');
  }

  /** Waiting dead letters of events. */
  get #waiting(): number {
    const letters = this.#cluster.services.documents.all(DEAD_LETTERS.name);
    return letters.filter(({ status, event }) => status === 'waiting' && !String(event).startsWith(FOREIGN)).length;
  }

  async #loseReadModel(): Promise<void> {
    const { dice } = this.#world;
    await this.#pause(dice.between('read model lost', 4_000, 22_000));
    const { name, readModel } = dice.pick('read model lost', PROJECTIONS).projection.container;
    if (!this.#happens('read model lost and replayed', name)) return;
    this.#cluster.services.documents.clear(name);
    await this.#replay(readModel);
  }

  async #rotateKey(): Promise<void> {
    await this.#pause(this.#world.dice.between('rotation', 3_000, 22_000));
    if (this.#happens('master key rotated', 'vault')) this.#cluster.services.vault.rotate();
  }

  /** Replaces a defective release, and deploys a new version with a replay of everything. */
  async #deploy(isDefective: boolean): Promise<void> {
    const { dice } = this.#world;
    await this.#pause(dice.between('deployment', 5_000, 20_000));
    const isNext = this.#happens('next version deployed', 'sync');
    if (!isDefective && !isNext) return;
    await this.#cluster.deploy(isNext ? NEXT_RELEASE : PROJECTIONS);
    if (isNext) await this.#replay('all');
  }

  async #disturb(): Promise<void> {
    const { dice } = this.#world;
    await this.#pause(dice.between('foreign message', 1_000, 20_000));
    if (!this.#happens('foreign message in the hub', 'hub')) return;
    const message = { eventId: 'foreign', body: Buffer.from(`${FOREIGN} 1`), properties: {} };
    this.#cluster.services.hub.append(dice.pick('foreign message', PARTITIONS), [message]);
  }

  #replay(readModel: string): Promise<void> {
    return this.#insist(`replay ${readModel}`, ({ app, process }) =>
      createReplay(app, process.runtime.newId(), { readModel }, new Date(process.runtime.now()).toISOString()),
    );
  }

  /** Redrives dead letters whenever there are some and no process has the defective release. */
  async #redriveAll(): Promise<void> {
    for (;;) {
      await this.#pause(RETRY_MS);
      const isRepaired = this.#cluster.release !== DEFECTIVE_RELEASE && this.#cluster.isDeployed;
      if (isRepaired && this.#waiting > 0) await this.#insist('redrive', redriveWaiting);
    }
  }

  /** Tries an operation on one process of the sync app after the other, until it succeeds. */
  async #insist(name: string, operation: (sync: RunningSync) => Promise<void>): Promise<void> {
    for (;;) {
      const [sync] = this.#cluster.syncs.length === 0 ? [] : [this.#world.dice.pick(name, this.#cluster.syncs)];
      const isDone = sync !== undefined && (await Promise.race([succeeds(operation(sync)), sync.process.crashed]));
      this.#world.note('admin', `${name}: ${isDone ? 'done' : 'failed'}`);
      if (isDone === true) return;
      await this.#pause(RETRY_MS);
    }
  }

  #happens(kind: string, step: string): boolean {
    return this.#world.fault(kind, 'admin', step);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#world.schedule(ms, resolve));
  }
}

const succeeds = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** Redrives the waiting dead letters, as the admin's request does. */
async function redriveWaiting({ app, process }: RunningSync): Promise<void> {
  for (const { _etag: etag, ...letter } of await findWaiting(deadLetters(app), {}, 100)) {
    const readModel = app.projections.find(({ projection }) => projection.container.readModel === letter.readModel);
    if (readModel === undefined || letter.event.startsWith(FOREIGN)) continue;
    const { projectEvents } = projectorOf(app, readModel.projection);
    await redrive(deadLetters(app), { letter, etag }, projectEvents, new Date(process.runtime.now()));
  }
}
