import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

/** A request as the API saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

type Body = Readonly<Record<string, unknown>>;

/** Answers in the API's place; `drop` ends the connection without an answer, undefined lets the API answer. */
export type Intercept = (request: SeenRequest) => FakeAnswer | 'drop' | undefined;

export interface FakeApi {
  readonly url: string;
  /** Every request in the order of arrival, also those that were intercepted. */
  readonly seen: SeenRequest[];
  intercept: Intercept;
  /** Called with the client's port of every new connection. */
  readonly onConnection: (listener: (port: number) => void) => void;
  readonly close: () => Promise<void>;
}

/** What the importer needs of the HTTP contract, in memory, over real HTTP on a free port. */
export async function startFakeApi(): Promise<FakeApi> {
  const answer = createAnswers();
  const server = createServer(async (incoming, response) => {
    const { method = '', url: path = '', headers } = incoming;
    const request: SeenRequest = { method, path, headers, body: method === 'POST' ? toBody(await json(incoming)) : {} };
    api.seen.push(request);
    const result = api.intercept(request) ?? answer(request);
    if (result === 'drop') incoming.socket.destroy();
    else send(response, result);
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const api: FakeApi = {
    url: `http://127.0.0.1:${port}/api`,
    seen: [],
    intercept: () => undefined,
    onConnection: (listener) => {
      server.on('connection', ({ remotePort = 0 }) => listener(remotePort));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}

/** A problem document as the API sends it. */
export function problem(
  status: number,
  code: string,
  detail: string,
  headers: Record<string, string> = {},
): FakeAnswer {
  return { status, headers, body: { type: `urn:orders:problem:${code}`, title: code, status, detail, code } };
}

function createAnswers(): (request: SeenRequest) => FakeAnswer {
  const commands = new Map<string, string>();
  const aggregates = new Map<string, Body>();
  const idOf = { '/api/customers': 'customerId', '/api/products': 'productId', '/api/orders': 'orderId' };

  function post({ path, headers, body }: SeenRequest): FakeAnswer {
    const kind = Object.entries(idOf).find(([each]) => each === path);
    const key = String(headers['idempotency-key']);
    if (kind === undefined) return problem(404, 'not-found', 'There is no such path.');
    const payload = JSON.stringify(body);
    const earlier = commands.get(key);
    if (earlier === payload) return { status: 202, headers: { 'idempotency-replayed': 'true' }, body: {} };
    if (earlier !== undefined) return problem(422, 'idempotency-key-reused', 'The key was used before.');
    const id = `${path}/${String(body[kind[1]])}`;
    if (aggregates.has(id)) return problem(409, `${kind[1].slice(0, -2)}-exists`, 'It exists already.');
    commands.set(key, payload);
    aggregates.set(id, body);
    return { status: 202, body: {} };
  }

  function get({ path }: SeenRequest): FakeAnswer {
    const order = aggregates.get(path.replace(/\?.*/, ''));
    if (order === undefined) return problem(503, 'read-model-behind', 'The read model has not seen it yet.');
    return { status: 200, headers: { 'server-timing': 'db;dur=1, sync-lag;dur=42.5' }, body: toDocument(order) };
  }

  return (request) => {
    if (request.headers.authorization !== 'Bearer good')
      return problem(401, 'unauthenticated', 'The token is not valid.');
    return request.method === 'POST' ? post(request) : get(request);
  };
}

function toDocument(order: Body): object {
  const items = Array.isArray(order.items) ? order.items : [];
  const withTotals = items.map((item, index) => {
    const lineTotal = Math.round(item.price * 100) * item.quantity;
    return { ...item, line: index + 1, productName: 'a name', lineTotal: lineTotal / 100 };
  });
  const total = withTotals.reduce((sum, { lineTotal }) => sum + Math.round(lineTotal * 100), 0) / 100;
  return { ...order, items: withTotals, total, version: 1, status: 'submitted' };
}

function send(response: ServerResponse, { status, headers = {}, body }: FakeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

function toBody(parsed: unknown): Body {
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}
