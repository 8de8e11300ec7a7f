import type { InvocationContext } from '@azure/functions';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { webhooksPending } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import { type DeliveryServices, deliverDue } from './deliver.ts';
import { deliverAll } from './deliver-all.ts';
import { cosmosDeliveryStore, type DeliveryStore } from './delivery-store.ts';
import { type ReplayServices, recordFailedRun, stepReplay } from './replay-events.ts';
import { decryptSecrets, type SecretServices } from './secrets.ts';
import type { Webhook } from './webhook.ts';

/** Time (ms) between two counts of pending messages. */
const COUNT_EVERY_MS = 30_000;

/**
 * The timer that sends the messages that are due. The host runs a timer in one instance at a time; if two instances run it anyway,
 * some messages are sent twice.
 */
export function deliverWebhooksTimer(app: SyncApp): TimerFunction {
  const { runtime, config, postMessage: post, webhooks } = app;
  const deliveries = cosmosDeliveryStore(app.database, runtime);
  const replaying: ReplayServices = {
    logReads: app.logReads,
    deliveries,
    save: webhooks.save,
    now: runtime.now,
  };
  let countDueAt = 0;
  return {
    trigger: 'timer',
    name: 'deliverWebhooks',
    options: {
      schedule: config.webhooks.schedule,
      handler: async (_timer, context) => {
        const all = await webhooks.all();
        if (runtime.monotonicMs() >= countDueAt) {
          countDueAt = runtime.monotonicMs() + COUNT_EVERY_MS;
          await recordPending(all, deliveries);
        }
        const services = { deliveries, post, runtime, warn: (sentence: string) => context.warn(sentence) };
        await deliverAll(all, passes(app, { ...services, replaying, context }), runtime);
      },
    },
  };
}

async function recordPending(all: readonly Webhook[], { countPending }: DeliveryStore): Promise<void> {
  await Promise.all(
    all.map(async ({ webhookId: webhook }) => webhooksPending.record(await countPending(webhook), { webhook })),
  );
}

interface RunServices extends DeliveryServices {
  readonly replaying: ReplayServices;
  readonly context: Pick<InvocationContext, 'error'>;
}

/**
 * The passes of one run: a step of the replay, then what is due. A replay that cannot continue does not hold up what is due, and a
 * subscription that cannot be served does not end the run.
 */
export function passes(secretServices: SecretServices, { replaying, context, ...services }: RunServices) {
  /** Subscriptions after the last step of their replay; undefined: it cannot continue in this run. */
  const replays = new Map<string, Webhook | undefined>();
  const failed = new Set<string>();
  const step = async (webhook: Webhook): Promise<boolean> => {
    const { webhookId } = webhook;
    const current = replays.has(webhookId) ? replays.get(webhookId) : webhook;
    if (current?.replay?.status !== 'running') return false;
    replays.set(webhookId, undefined);
    try {
      const stepped = await stepReplay(current, replaying);
      replays.set(webhookId, stepped);
      return stepped !== undefined;
    } catch (error) {
      context.error(`The replay of webhook ${webhookId} cannot continue at the moment:`, error);
      await recordFailedRun(current, replaying).catch((cause: unknown) =>
        context.error(`The failed run of the replay of webhook ${webhookId} cannot be stored:`, cause),
      );
      return false;
    }
  };
  return async (webhook: Webhook, mayStart: () => boolean): Promise<boolean> => {
    const { webhookId, url } = webhook;
    if (failed.has(webhookId)) return false;
    try {
      const stepped = await step(webhook);
      const secrets = () => decryptSecrets(webhook, secretServices);
      const delivered = await deliverDue({ webhookId, url, secrets }, services, mayStart);
      return delivered || stepped;
    } catch (error) {
      failed.add(webhookId);
      context.error(`Webhook ${webhookId} cannot be served at the moment:`, error);
      return false;
    }
  };
}
