import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { type AnswerCall, authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import type { Operation } from '../../shared/http/operation.ts';
import type { QueriesApp } from '../app.ts';

/** The description of a query. */
export type Query = Omit<Operation, 'method'>;

/** Creates the HTTP function of a query. */
export function httpQuery(
  app: Pick<QueriesApp, 'authenticate' | 'runtime'>,
  query: Query,
  answer: AnswerCall,
): HttpFunction {
  return authenticatedOperation(app, { ...query, method: 'GET' }, answer);
}
