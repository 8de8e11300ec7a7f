import type { Change } from './changes.ts';

/** The subprotocol of Azure Web PubSub (https://learn.microsoft.com/azure/azure-web-pubsub/reference-json-webpubsub-subprotocol). */
const SUBPROTOCOL = 'json.webpubsub.azure.v1';

/** A pushed change, or that the connection is open and has joined its group. */
export type Push = Change | 'connected';

/** Connects to the URL of a subscription. Yields what is pushed, and ends when the connection does. */
export async function* openPushes(url: string, signal: AbortSignal): AsyncGenerator<Push> {
  signal.throwIfAborted();
  const socket = new WebSocket(url, SUBPROTOCOL);
  const close = (): void => socket.close();
  signal.addEventListener('abort', close);
  const pushes = new ReadableStream<Push>({
    start: (controller) => {
      socket.addEventListener('message', ({ data }) => {
        const push = toPush(JSON.parse(String(data)));
        if (push !== undefined) controller.enqueue(push);
      });
      socket.addEventListener('close', () => controller.close());
    },
  }).getReader(); // not every browser iterates over streams
  try {
    for (let next = await pushes.read(); !next.done; next = await pushes.read()) yield next.value;
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

/** The messages that matter here. */
interface Message {
  readonly type: 'system' | 'message';
  readonly event?: 'connected' | 'disconnected';
  readonly data?: Change;
}

function toPush({ type, event, data }: Message): Push | undefined {
  if (type === 'message') return data;
  return type === 'system' && event === 'connected' ? event : undefined;
}
