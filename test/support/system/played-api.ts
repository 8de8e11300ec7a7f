import type { BrowserContext, Request, WebSocketRoute } from 'playwright-core';

/** A response of the API; `lost`: the connection breaks before it. */
export type PlayedAnswer = { readonly status?: number; readonly json: object } | 'lost';

/** Answers by method and path, such as `GET /products`. */
export type PlayedAnswers = Readonly<Record<string, (request: Request) => PlayedAnswer | Promise<PlayedAnswer>>>;

/** The API and Web PubSub of a page, played by a test. */
export interface PlayedApi {
  /** Pushes a change to every connection. */
  push(change: object): void;
}

/** An answer with problem details. */
export const problem = (status: number, code: string, title: string): PlayedAnswer => ({
  status,
  json: { type: `urn:orders:problem:${code}`, title, status, detail: `${title}.`, code },
});

/** The URL that a subscription returns. */
export const PUSH_URL = 'ws://127.0.0.1:1/';

const CORS = { 'access-control-allow-origin': '*' };

/** Answers all requests of the context's pages to the API and for tokens. Other routes of the API do not exist. */
export async function playApi(context: BrowserContext, tokenPort: number, answers: PlayedAnswers): Promise<PlayedApi> {
  const sockets: WebSocketRoute[] = [];
  await context.route(`http://127.0.0.1:${tokenPort}/**`, (route) => route.fulfill({ body: 'token', headers: CORS }));
  await context.route('**/api/**', async (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace('/api', '');
    const answer = await answers[`${request.method()} ${path}`]?.(request);
    if (answer === 'lost') return route.abort();
    const { status = 200, json } = answer ?? { status: 404, json: {} };
    await route.fulfill({ status, json });
  });
  await context.routeWebSocket(PUSH_URL, (socket) => {
    sockets.push(socket);
    socket.send(JSON.stringify({ type: 'system', event: 'connected' }));
  });
  return {
    push: (change) => {
      for (const socket of sockets) socket.send(JSON.stringify({ type: 'message', data: change }));
    },
  };
}
