import type { Change } from './changes.ts';

/** The subprotocol of Azure Web PubSub (https://learn.microsoft.com/azure/azure-web-pubsub/reference-json-webpubsub-subprotocol). */
const SUBPROTOCOL = 'json.webpubsub.azure.v1';
const PING_INTERVAL_MS = 20_000;
/** Pings without an answer after which the connection counts as lost. */
const MAX_UNANSWERED_PINGS = 2;

/** A pushed change, or that the connection is open and has joined its group. */
export type Push = Change | 'connected';

/**
 * Connects to the URL of a subscription. Yields what is pushed. Ends when the connection does, when it does not open within 20 s, when
 * nothing arrives for a minute, and when the signal is aborted.
 */
export async function* openPushes(url: string, signal: AbortSignal): AsyncGenerator<Push> {
  signal.throwIfAborted();
  const socket = new WebSocket(url, SUBPROTOCOL);
  const ending = new AbortController();
  const untilEnd = { signal: ending.signal };
  ending.signal.addEventListener('abort', () => socket.close());
  const pushes = new ReadableStream<Push>({
    start: (controller) => {
      // A socket without a network takes long to close, or never does. So the end does not wait for it.
      const end = (): void => {
        if (ending.signal.aborted) return;
        ending.abort();
        controller.close();
      };
      const answered = sendPings(socket, ending.signal, end);
      socket.addEventListener(
        'message',
        ({ data }) => {
          answered();
          const push = toPush(JSON.parse(String(data)));
          if (push !== undefined) controller.enqueue(push);
        },
        untilEnd,
      );
      socket.addEventListener('close', end, untilEnd);
      signal.addEventListener('abort', end, untilEnd);
    },
  }).getReader(); // not every browser iterates over streams
  try {
    for (let next = await pushes.read(); !next.done; next = await pushes.read()) yield next.value;
  } finally {
    ending.abort();
  }
}

/**
 * Sends pings until the signal is aborted, and reports when the connection is lost: a failed network does not close the connection. Counts
 * pings instead of time, because browsers slow down the timers of hidden pages. Returns a function to call for each message.
 */
function sendPings(socket: WebSocket, signal: AbortSignal, onLost: () => void): () => void {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN || unanswered === MAX_UNANSWERED_PINGS) return onLost();
    unanswered += 1;
    socket.send('{"type":"ping"}');
  }, PING_INTERVAL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  return () => {
    unanswered = 0;
  };
}

/** The messages that matter here. */
interface Message {
  readonly type: 'system' | 'message' | 'pong';
  readonly event?: 'connected' | 'disconnected';
  readonly data?: Change;
}

function toPush({ type, event, data }: Message): Push | undefined {
  if (type === 'message') return data;
  return type === 'system' && event === 'connected' ? event : undefined;
}
