import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { z } from 'zod';
import type { Cluster } from './cluster.ts';

/** Problems with which a query may answer instead of an order in the version that was asked for. */
const EXCUSES: ReadonlySet<string> = new Set(['read-model-behind', 'throttled', 'unavailable']);

const CONTEXT = new InvocationContext({ functionName: 'getOrder', logHandler: () => undefined });

const order = z.object({ version: z.number() });
const problem = z.object({ code: z.string() });

/** Clients that read what they have written. */
export class Readers {
  /** Answers that broke the promise of `minVersion`. */
  readonly broken: string[] = [];
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Gets an order in a version or a later one, over the function of the query app. */
  async readBack(orderId: string, version: number): Promise<void> {
    const { queries } = this.#cluster;
    if (queries === undefined) return;
    const url = `http://localhost/api/orders/${orderId}?minVersion=${version}`;
    const request = new HttpRequest({ method: 'GET', url, params: { orderId } });
    const answered = Promise.resolve(queries.getOrder.handler(request, CONTEXT));
    const answer = await Promise.race([answered, queries.process.crashed]);
    if (answer && !keepsPromise(answer, version)) {
      this.broken.push(
        `Version ${version} of order ${orderId} was asked for; the answer was ${JSON.stringify(answer)}.`,
      );
    }
  }
}

function keepsPromise({ status = 200, jsonBody, body }: HttpResponseInit, version: number): boolean {
  const content: unknown = jsonBody ?? JSON.parse(String(body ?? 'null'));
  if (status === 200) return order.parse(content).version >= version;
  return EXCUSES.has(problem.safeParse(content).data?.code ?? '');
}
