/** What stands between the wire and the account: counts every request, and disturbs those that a fault hits. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAllowedHost, refuseHost } from '../allowed-hosts.ts';
import type { CosmosAccount } from './account.ts';
import { accountKey, isSigned } from './authorization.ts';
import { type FaultPlan, Faults, type StatusFault } from './faults.ts';
import { type Answer, problem, readJson, send } from './http-exchange.ts';
import { answerItemRequest } from './item-answers.ts';
import { isQueryPlanRequest, isRangesRequest, type RequestTarget, requestTarget } from './item-request.ts';
import { answerRanges } from './physical-partitions.ts';
import { answerQueryPlan } from './query-answers.ts';
import { RequestLog } from './request-log.ts';
import { type Throughput, UNLIMITED } from './throughput.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
  readonly plan: FaultPlan;
}

/** The answer, and how many operations it is for. */
interface Outcome {
  readonly answer: Answer;
  readonly operations: number;
}

const notSigned: Outcome = {
  answer: problem(401, "The request is not signed with the account's key."),
  operations: 0,
};

const notCarriedOut: Outcome = { answer: { status: 0, requestCharge: 0 }, operations: 1 };

export interface FrontOptions {
  /** Of the account, base64. */
  readonly key: string;
  /** Undefined: no limit. */
  readonly throughput: Throughput | undefined;
}

export class Front {
  readonly requests = new RequestLog();
  readonly faults = new Faults();
  readonly #account: CosmosAccount;
  readonly #options: FrontOptions;
  readonly #key: ReturnType<typeof accountKey>;

  constructor(account: CosmosAccount, options: FrontOptions) {
    this.#account = account;
    this.#options = options;
    this.#key = accountKey(options.key);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isAllowedHost(request)) return refuseHost(response);
    const target = requestTarget(request);
    const plan = this.faults.plan(target);
    if (plan.latencyMs > 0) await sleep(plan.latencyMs);
    const { answer, operations } = await this.#outcome({ request, response, target, plan });
    const isCut = plan.cutConnection !== undefined;
    const { operation, container, consistency } = target;
    const { requestCharge } = answer;
    const status = isCut ? 0 : answer.status;
    this.requests.record({ operation, container, consistency, status, operations, requestCharge });
    if (isCut) request.socket.destroy();
    else send(response, answer);
  }

  async #outcome(exchange: Exchange): Promise<Outcome> {
    const { request, target, plan } = exchange;
    if (plan.cutConnection === 'before') return notCarriedOut;
    if (!isSigned(request, this.#key)) return notSigned;
    try {
      if (target.operation !== 'Metadata') return this.#itemOutcome(exchange, await readJson(request));
      const answer = plan.status ? faultAnswer(plan.status) : await this.#metadata(exchange);
      return { answer, operations: 0 };
    } catch (error) {
      return { answer: failure(error), operations: 0 };
    } finally {
      this.#account.commit();
    }
  }

  async #metadata({ request, response, target }: Exchange): Promise<Answer> {
    const container = this.#account.container(target.database ?? '', target.container ?? '');
    if (container !== undefined && isQueryPlanRequest(request)) {
      return answerQueryPlan({ body: await readJson(request), documents: container.documents });
    }
    if (container !== undefined && isRangesRequest(request)) return answerRanges(container.documents.partitions);
    return this.#account.answer(request, response);
  }

  #itemOutcome({ request, target, plan }: Exchange, body: unknown): Outcome {
    const isBatch = target.operation === 'Bulk' || target.operation === 'Batch';
    const operations = isBatch && Array.isArray(body) ? body.length : 1;
    if (plan.status !== undefined && plan.status.bulkOperations === undefined) {
      return { answer: faultAnswer(plan.status), operations };
    }
    const container = this.#account.container(target.database ?? '', target.container ?? '');
    if (container === undefined) return { answer: problem(404, 'Owner resource does not exist.'), operations };
    const budgetOf = (rangeId: string) => this.#options.throughput?.of(container.rid, rangeId) ?? UNLIMITED;
    const item = { ...container, http: request, target, body, fault: plan.status, budgetOf };
    return { answer: answerItemRequest(item), operations };
  }
}

function faultAnswer({ status, retryAfterMs }: StatusFault): Answer {
  const headers = {
    ...(status === 429 ? { 'x-ms-substatus': '3200' } : {}),
    ...(retryAfterMs === undefined ? {} : { 'x-ms-retry-after-ms': String(retryAfterMs) }),
  };
  return { ...problem(status, `Injected fault ${status}.`, headers), requestCharge: 0 };
}

function failure(error: unknown): Answer {
  if (error instanceof SyntaxError) return problem(400, `The request is not JSON: ${error.message}`);
  return problem(500, error instanceof Error ? error.message : String(error));
}
