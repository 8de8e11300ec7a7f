import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { type AnswerCall, authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import type { Operation } from '../../shared/http/operation.ts';
import type { QueriesApp } from '../app.ts';

/** A query as the API description shows it. */
export type Query = Omit<Operation, 'method'>;

/** The HTTP function of a query. */
export function httpQuery(app: QueriesApp, query: Query, answer: AnswerCall): HttpFunction {
  return authenticatedOperation(app, { ...query, method: 'GET' }, answer);
}
