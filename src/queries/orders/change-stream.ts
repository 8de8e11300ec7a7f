import { changesSince, type OrderChange, type StoredOrder } from './order-changes.ts';

/** Looks without a change between two comments, which keep proxies from taking the stream for dead. */
const LOOKS_PER_HEARTBEAT = 15;

/** What a stream is made from, look by look. */
export interface ChangeSource {
  /** The order as it was when the stream was asked for. */
  readonly order: StoredOrder;
  /** The client's Last-Event-ID. */
  readonly lastSeen: number | undefined;
  /** How long (ms) the client waits before it connects again. */
  readonly retryMs: number;
  /** Resolves when the next look is due; to false when the stream is to end. */
  nextLook(): Promise<boolean>;
  /** The order as it is now; undefined when there is none. May reject: the next look is another try. */
  read(): Promise<StoredOrder | undefined>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * The text of a stream of server-sent events, a piece at a time (https://html.spec.whatwg.org/#server-sent-events). It never
 * fails: with streams on, a failure would leave the client without an end until the host's time limit.
 */
export async function* changeStream(source: ChangeSource): AsyncGenerator<string, void, undefined> {
  yield `retry: ${source.retryMs}\n\n`;
  let { lastSeen } = source;
  let order: StoredOrder | undefined = source.order;
  for (let look = 1; ; look++) {
    const changes = order === undefined ? [] : changesSince(order, lastSeen, source.now());
    for (const change of changes) yield toServerSentEvent(change);
    lastSeen = changes.at(-1)?.version ?? lastSeen;
    if (look % LOOKS_PER_HEARTBEAT === 0) yield ':\n\n';
    if (!(await source.nextLook())) return;
    order = await source.read().catch(() => undefined);
  }
}

function toServerSentEvent(change: OrderChange): string {
  return `id: ${change.version}\nevent: order-changed\ndata: ${JSON.stringify(change)}\n\n`;
}
