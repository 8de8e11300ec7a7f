export type { Token } from './attempt.ts';
export type { Change, ChangesOptions } from './changes.ts';
export { createOrdersClient, type OrdersClient } from './client.ts';
export {
  ApiError,
  ConnectionError,
  isProblem,
  isTransient,
  type Problem,
  type ProblemCode,
  TokenError,
} from './errors.ts';
export type { components, operations, paths } from './generated/schema.ts';
export type { ClientOptions } from './http.ts';
export type { Answer, CommandOptions } from './operations.ts';
export type { Retry, RetryOptions } from './retries.ts';
