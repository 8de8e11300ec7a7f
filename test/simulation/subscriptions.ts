import { z } from 'zod';
import { EVENTS } from '../../src/shared/events/envelope.ts';
import { WEBHOOK_DELIVERIES } from '../../src/shared/read-models/containers.ts';
import type { Cluster } from './cluster.ts';
import type { SimulatedPartner } from './edges/partner.ts';
import { STARTS_AT, type World } from './kernel/world.ts';
import { Operator } from './operator.ts';

/** Kinds of changes of subscriptions in the middle of a run. Each happens at most once. */
export const SUBSCRIPTION_CHANGES = {
  'webhook replayed': 0.5,
  'webhook secret changed': 0.5,
  'second webhook created': 0.7,
  'webhook changed': 0.5,
  'webhook deleted': 0.4,
};

const typesOf = (...prefixes: readonly string[]): readonly string[] =>
  Object.keys(EVENTS).filter((type) => prefixes.some((prefix) => type.startsWith(prefix)));

/** The types of events that the first partner wants: all events of orders, except those of their lines. */
const FIRST = typesOf('Order');
/** The types that the second partner wants, first and later. */
const SECOND = { before: typesOf('Order', 'Product', 'Price'), after: typesOf('Order', 'Customer') };

/** A partner's subscription over time. All times are simulated milliseconds since the start. */
export interface Agreement {
  readonly partner: SimulatedPartner;
  /** The types of events that it subscribed to, with the time from which each change was certainly in effect. */
  readonly wanted: { readonly types: readonly string[]; from: number }[];
  /** When a new secret was certainly in use. */
  newSecretFrom?: number;
  /** When its subscription had certainly been deleted. */
  deletedFrom?: number;
  /** The last replay: when it was requested, and the events that the log had then. */
  replay?: { readonly askedAt: number; readonly eventIds: ReadonlySet<string> };
}

const saved = z.object({ webhookId: z.string() });
const row = z.object({ WebhookId: z.string(), Document: z.string() });
const stored = z.object({ replay: z.object({ status: z.string() }).nullable() });

/** Creates, changes and deletes the partners' subscriptions. */
export class Subscriptions {
  readonly first: Agreement;
  readonly second: Agreement;
  readonly #operator: Operator;
  #firstId: string | undefined;

  constructor(world: World, cluster: Cluster) {
    const { first, second } = cluster.services.partners;
    this.#operator = new Operator(world, cluster);
    this.first = { partner: first, wanted: [] };
    this.second = { partner: second, wanted: [] };
  }

  /** Subscribes the first partner. */
  async subscribe(): Promise<void> {
    this.#firstId = await this.#save(this.first, FIRST);
  }

  /** Starts all changes. */
  start(): void {
    this.#operator.start(() => this.#changeFirst());
    this.#operator.start(() => this.#replayFirst());
    this.#operator.start(() => this.#useSecond());
  }

  /** True when all changes are made, replays are completed, and no message waits for its next attempt. */
  get isDone(): boolean {
    if (!this.#operator.isIdle) return false;
    const { sql, documents } = this.#operator.cluster.services;
    const webhooks = row.array().parse(sql.all('SELECT WebhookId, Document FROM Webhooks'));
    const ids = new Set(webhooks.map(({ WebhookId }) => WebhookId));
    const isRunning = webhooks.some(({ Document }) => stored.parse(JSON.parse(Document)).replay?.status === 'running');
    const isPending = documents
      .all(WEBHOOK_DELIVERIES.name)
      .some(({ status, webhookId }) => status === 'pending' && ids.has(String(webhookId)));
    return !isRunning && !isPending;
  }

  async #changeFirst(): Promise<void> {
    const { world } = this.#operator;
    await this.#operator.pause(world.dice.between('webhook secret', 3_000, 25_000));
    if (!this.#operator.happens('webhook secret changed', 'first')) return;
    this.first.partner.changeSecret();
    await this.#save(this.first, FIRST);
    this.first.newSecretFrom = world.passed;
  }

  async #replayFirst(): Promise<void> {
    const { world } = this.#operator;
    await this.#operator.pause(world.dice.between('webhook replay', 5_000, 25_000));
    const webhookId = this.#firstId;
    if (webhookId === undefined || !this.#operator.happens('webhook replayed', 'first')) return;
    const events = z.object({ EventId: z.string() }).array();
    const recorded = events.parse(this.#operator.cluster.services.sql.all('SELECT EventId FROM EventLog'));
    const eventIds = new Set(recorded.map(({ EventId }) => EventId));
    this.first.replay = { askedAt: world.passed, eventIds };
    const body = { from: new Date(STARTS_AT - 3_600_000).toISOString() };
    await this.#operator.request('replayWebhook', { params: { webhookId }, body }, [202]);
  }

  async #useSecond(): Promise<void> {
    const { world } = this.#operator;
    const { dice } = world;
    await this.#operator.pause(dice.between('second webhook', 2_000, 12_000));
    if (!this.#operator.happens('second webhook created', 'second')) return;
    const webhookId = await this.#save(this.second, SECOND.before);
    await this.#operator.pause(dice.between('second webhook', 1_000, 8_000));
    if (this.#operator.happens('webhook changed', 'second')) await this.#save(this.second, SECOND.after);
    await this.#operator.pause(dice.between('second webhook', 1_000, 8_000));
    if (!this.#operator.happens('webhook deleted', 'second')) return;
    // An attempt whose answer is lost may have deleted it.
    await this.#operator.request('deleteWebhook', { params: { webhookId } }, [204, 404]);
    this.second.deletedFrom = world.passed;
  }

  /** Creates the subscription of a partner, or changes it. Returns its id. */
  async #save({ partner, wanted }: Agreement, eventTypes: readonly string[]): Promise<string> {
    const body = { url: partner.url, eventTypes, secret: partner.secrets.at(-1) };
    const agreed = { types: eventTypes, from: Number.POSITIVE_INFINITY };
    wanted.push(agreed);
    const answer = await this.#operator.request('saveWebhook', { body }, [200, 201]);
    agreed.from = this.#operator.world.passed;
    return saved.parse(answer.body).webhookId;
  }
}
