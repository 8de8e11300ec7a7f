/** The answer of a function to a request. */
export interface FunctionAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What the body contains as JSON; undefined without a body. */
  readonly body: unknown;
}
