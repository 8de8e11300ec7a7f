import { type Change, type ChangesOptions, pollChanges } from './changes.ts';
import { type ClientOptions, type Http, openHttp } from './http.ts';
import { itemsOf } from './items.ts';
import type { Answer, Call, Data, Init, Item, ListPath, Method, PathsWith } from './operations.ts';
import { watchAllOrders, watchOrder } from './watch.ts';

/**
 * A client of the orders API. Every call rejects with ApiError when the API refuses it, ConnectionError when there is no response, and
 * TokenError when there is no token.
 */
export interface OrdersClient {
  readonly GET: Call<'get'>;
  readonly POST: Call<'post'>;
  readonly PUT: Call<'put'>;
  readonly DELETE: Call<'delete'>;
  /** Yields all entries of a list. Reads the next page when its first entry is needed; `limit` is the size of a page. */
  items<Path extends ListPath>(path: Path, ...init: Init<Path, 'get'>): AsyncGenerator<Item<Path>>;
  /** Yields the changes of an order as they happen, by long polling. */
  pollChanges(orderId: string, options?: ChangesOptions): AsyncGenerator<Change>;
  /**
   * Yields the changes of an order as they are pushed over a WebSocket: each once and in version order, even if the
   * connection drops. Uses long polling where WebSockets are refused. Waits for an order that was just placed.
   */
  watchOrder(orderId: string, options?: ChangesOptions): AsyncGenerator<Change>;
  /** Yields the changes of all orders as they are pushed (role admin). Those that come while the connection is down are missed. */
  watchAllOrders(options?: Pick<ChangesOptions, 'signal'>): AsyncGenerator<Change>;
}

/** Creates a client. It keeps no connection open; one client can serve a whole page or process. */
export function createOrdersClient(options: ClientOptions): OrdersClient {
  const http = openHttp(options);
  const [GET, POST, PUT, DELETE] = [call(http, 'get'), call(http, 'post'), call(http, 'put'), call(http, 'delete')];
  return {
    GET,
    POST,
    PUT,
    DELETE,
    items: items(http),
    pollChanges: (orderId, changes) => pollChanges(GET, orderId, changes),
    watchOrder: (orderId, changes) => watchOrder({ GET, POST }, orderId, changes),
    watchAllOrders: (changes) => watchAllOrders({ POST }, changes),
  };
}

/** The overload states what the API description promises. Responses are not validated. */
function call<M extends Method>(http: Http, method: M): Call<M> {
  function send<Path extends PathsWith<M>>(path: Path, ...init: Init<Path, M>): Promise<Answer<Data<Path, M>>>;
  function send<Path extends PathsWith<M>>(path: Path, ...[options]: Init<Path, M>): Promise<Answer<unknown>> {
    return http(method, path, options);
  }
  return send;
}

/** The same for a list. */
function items(http: Http): OrdersClient['items'] {
  function list<Path extends ListPath>(path: Path, ...init: Init<Path, 'get'>): AsyncGenerator<Item<Path>>;
  function list<Path extends ListPath>(path: Path, ...[options]: Init<Path, 'get'>): AsyncGenerator<unknown> {
    return itemsOf(http, path, options);
  }
  return list;
}
