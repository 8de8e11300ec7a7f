import type { paths } from './generated/schema.ts';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** A successful response. */
export interface Answer<Data> {
  /** The body. Undefined for 204. */
  readonly data: Data;
  readonly response: Response;
}

/** What every operation takes. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborts the request and the wait for a retry. A command may have been executed. */
  readonly signal?: AbortSignal;
}

/** Additional options of commands. */
export interface CommandOptions {
  /**
   * Executes the command once, however often it is sent with this key. Default: a random key for each call, which its retries keep.
   * Pass one that you have stored to repeat a command after a restart.
   */
  readonly idempotencyKey?: string;
  /** Fails with 412 `version-mismatch` unless this is the current version: a number, an ETag, or `*` for any version. */
  readonly ifMatch?: number | string;
}

/** The paths that have an operation with this method. */
export type PathsWith<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends { readonly [Key in M]: object } ? Path : never;
}[keyof paths];

type Operation<Path extends keyof paths, M extends Method> = NonNullable<paths[Path][M]>;
type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : undefined;
type SuccessOf<Responses> = Responses[keyof Responses & (200 | 202 | 204)];

/** The body of an operation's successful responses. */
export type Data<Path extends keyof paths, M extends Method> =
  Operation<Path, M> extends { responses: infer Responses } ? Json<SuccessOf<Responses>> : never;

type ParamsOf<Op> = Op extends { parameters: infer Params }
  ? Partial<Params> extends Params
    ? { readonly params?: Params }
    : { readonly params: Params }
  : never;
type BodyOf<Op> = Op extends { requestBody: infer Content }
  ? { readonly body: Json<Content> }
  : Op extends { requestBody?: infer Content }
    ? { readonly body?: Json<Content> }
    : never;
type KeyOf<Op> = Op extends { parameters: { header?: infer Headers } }
  ? 'Idempotency-Key' extends keyof NonNullable<Headers>
    ? CommandOptions
    : unknown
  : never;
type Options<Op> = ParamsOf<Op> & BodyOf<Op> & KeyOf<Op> & RequestOptions;

/** Parameters, body and further options of an operation. They can be left out when it requires none. */
export type Init<Path extends keyof paths, M extends Method> =
  Partial<Options<Operation<Path, M>>> extends Options<Operation<Path, M>>
    ? [options?: Options<Operation<Path, M>>]
    : [options: Options<Operation<Path, M>>];

/** Calls the operation with this path. Rejects with ApiError or ConnectionError. */
export type Call<M extends Method> = <Path extends PathsWith<M>>(
  path: Path,
  ...init: Init<Path, M>
) => Promise<Answer<Data<Path, M>>>;

/** The paths of lists, which are read page by page. */
export type ListPath = {
  [Path in PathsWith<'get'>]: 'continuationToken' extends keyof Data<Path, 'get'> ? Path : never;
}[PathsWith<'get'>];

/** The entries of a list. */
export type Item<Path extends ListPath> = Data<Path, 'get'> extends { items: readonly (infer Entry)[] } ? Entry : never;
