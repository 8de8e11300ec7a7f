import { vi } from 'vitest';

/** What the platform's WebSocket offers to the clients. The test decides when it opens, closes and gets messages. */
export class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  readyState = 0;
  /** The messages that the client has sent. */
  readonly sent: string[] = [];
  /** Whether the client has asked for the end of the connection. */
  isClosing = false;

  send(message: string): void {
    this.sent.push(message);
  }

  /** The network is gone: nothing answers, so there is no close event. */
  close(): void {
    this.isClosing = true;
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.receive({ type: 'system', event: 'connected' });
  }

  receive(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }

  drop(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

export const change = (version: number) => ({
  orderId: 'o1',
  version,
  eventType: 'X',
  timestamp: '',
  status: 'draft',
  data: {},
});

/** The API and Web PubSub as the clients of an order see them. */
export interface FakePush {
  /** The WebSockets that were opened, oldest first. */
  readonly sockets: readonly FakeSocket[];
  /** The paths and queries of the requests, oldest first. */
  readonly requests: readonly string[];
  /** Makes the next version of the order known to the API. Pushes nothing. */
  happen(): void;
  /** Answers requests for subscriptions with 503 from now on, as while Web PubSub is down. */
  refuseSubscriptions(): void;
}

/** Replaces `fetch` and `WebSocket`. `vi.unstubAllGlobals` undoes that. */
export function fakePush(): FakePush {
  const sockets: FakeSocket[] = [];
  const requests: string[] = [];
  let version = 0;
  let isRefusing = false;
  const happened = new EventTarget();
  const changes = async (after: number, signal: AbortSignal, wait: boolean): Promise<Response> => {
    if (version === after && wait) {
      await new Promise((resolve, reject) => {
        happened.addEventListener('change', resolve, { once: true });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }
    if (version === after) return new Response(null, { status: 204 });
    const found = Array.from({ length: version - after }, (_, index) => change(after + index + 1));
    return Response.json({ changes: found, version });
  };
  vi.stubGlobal('fetch', async (resource: string | Request, init?: RequestInit) => {
    const { url, method, headers, signal } = new Request(resource, init);
    const { pathname, search, searchParams } = new URL(url);
    requests.push(`${method} ${pathname}${search}`);
    if (method === 'POST' && isRefusing) return Response.json({ code: 'unavailable' }, { status: 503 });
    if (method === 'POST') return Response.json({ url: 'wss://push.example/', expiresAt: '' });
    return changes(Number(searchParams.get('after')), signal, headers.get('prefer') !== 'wait=0');
  });
  vi.stubGlobal(
    'WebSocket',
    class extends FakeSocket {
      constructor() {
        super();
        sockets.push(this);
      }
    },
  );
  return {
    sockets,
    requests,
    refuseSubscriptions: () => {
      isRefusing = true;
    },
    happen: () => {
      version += 1;
      happened.dispatchEvent(new Event('change'));
    },
  };
}
