import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import type { AppFunction, HttpFunction } from '../../../src/shared/functions/app-function.ts';
import type { FunctionAnswer } from './function-answer.ts';
import { isProblem } from './problem-answer.ts';

/** A request to a function. */
export interface FunctionRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Undefined: the request has no body. */
  readonly body?: unknown;
}

/** Where an API reports what happens. */
export interface ApiReports {
  /** A log line of a function. */
  readonly log: (text: string) => void;
  /** An answer that does not match the API description. */
  readonly malformed: (text: string) => void;
}

/** The HTTP functions of a running app. */
export class HttpApi {
  readonly #functions: ReadonlyMap<string, HttpFunction>;
  readonly #reports: ApiReports;

  constructor(functions: readonly AppFunction[], reports: ApiReports) {
    this.#functions = new Map(
      functions.flatMap((entry) => (entry.trigger === 'http' ? [[entry.operation.name, entry] as const] : [])),
    );
    this.#reports = reports;
  }

  /** The names of the parameters in the route of a function. */
  parametersOf(name: string): readonly string[] {
    return [...this.#find(name).operation.route.matchAll(PARAMETER)].flatMap(([, parameter]) => parameter ?? []);
  }

  /** Sends a request, and checks that the answer matches the API description. */
  async send(name: string, { params = {}, headers = {}, body }: FunctionRequest): Promise<FunctionAnswer> {
    const { operation, handler } = this.#find(name);
    const path = operation.route.replaceAll(PARAMETER, (_, parameter: string) => params[parameter] ?? '');
    const request = new HttpRequest({
      method: operation.method,
      url: `http://localhost/api/${path}`,
      params: { ...params },
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: { string: JSON.stringify(body) } }),
    });
    const answer = toAnswer(await handler(request, this.#contextOf(name)));
    if (!isDescribed(operation, answer)) {
      this.#reports.malformed(`${name} answered with ${answer.status} ${JSON.stringify(answer.body)}.`);
    }
    return answer;
  }

  #find(name: string): HttpFunction {
    const found = this.#functions.get(name);
    if (found === undefined) throw new Error(`There is no function ${name}.`);
    return found;
  }

  #contextOf(functionName: string): InvocationContext {
    return new InvocationContext({
      functionName,
      logHandler: (level, ...args) => {
        if (level !== 'information') this.#reports.log(`${functionName} logs: ${args.join(' ')}`);
      },
    });
  }
}

const PARAMETER = /\{(\w+)\}/g;

function toAnswer(response: Awaited<ReturnType<HttpFunction['handler']>>): FunctionAnswer {
  const { status = 200, headers, jsonBody, body }: HttpResponseInit = response ?? {};
  const text = typeof body === 'string' ? body : undefined;
  return {
    status,
    headers: new Headers(headers),
    body: jsonBody ?? (text === undefined ? undefined : JSON.parse(text)),
  };
}

/** True when an answer matches the API description, or is a well-formed problem. */
function isDescribed({ answers }: HttpFunction['operation'], answer: FunctionAnswer): boolean {
  const described = answers[answer.status];
  if (described === undefined) return isProblem(answer);
  return described.schema?.safeParse(answer.body).success ?? answer.body === undefined;
}
