/**
 * The contract between `@azure/functions` and its host: the part of `@azure/functions-core` used here.
 * Source: https://github.com/Azure/azure-functions-nodejs-worker/tree/v4.x/types-core
 */

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type LogCategory = 'user' | 'system' | 'customMetric';

/** A trigger, input or output of a function, as the app declared it. */
export interface Binding {
  readonly type: string;
  readonly direction?: string;
  readonly [property: string]: unknown;
}

export interface Seconds {
  readonly seconds: number;
}

export interface RetryOptions {
  readonly retryStrategy: string;
  /** -1 = unlimited. */
  readonly maxRetryCount: number;
  readonly delayInterval?: Seconds | undefined;
  readonly minimumInterval?: Seconds | undefined;
  readonly maximumInterval?: Seconds | undefined;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: RetryOptions | undefined;
}

export type FunctionCallback = (...inputs: unknown[]) => unknown;

export interface NullableString {
  readonly value: string;
}

export interface HttpCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: NullableString | undefined;
  readonly path?: NullableString | undefined;
  readonly expires?: { readonly value: Seconds } | undefined;
  readonly secure?: { readonly value: boolean } | undefined;
  readonly httpOnly?: { readonly value: boolean } | undefined;
  /** `none` = not given, `explicitNone` = SameSite=None. */
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  readonly maxAge?: { readonly value: number } | undefined;
}

/** One value passed to or returned from a function. Exactly one property is set. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly http?: HttpData;
  readonly collectionString?: { readonly string: readonly string[] };
  readonly collectionBytes?: { readonly bytes: readonly Uint8Array[] };
}

export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: Readonly<Record<string, NullableString>>;
  readonly nullableQuery?: Readonly<Record<string, NullableString>>;
  readonly nullableParams?: Readonly<Record<string, NullableString>>;
  readonly body?: TypedData | null | undefined;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly HttpCookie[];
}

export interface RetryContext {
  /** 1 for the first retry. */
  readonly retryCount: number;
  readonly maxRetryCount: number;
  readonly exception: { readonly message: string; readonly source: string; readonly stackTrace: string };
}

export interface InvocationRequest {
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  readonly traceContext?: { readonly traceParent: string; readonly traceState: string };
  readonly retryContext?: RetryContext;
}

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly metadata: FunctionMetadata;
  readonly request: InvocationRequest;
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log(level: LogLevel, category: LogCategory, message: string): void;
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null | undefined;
}

export interface InvocationModel {
  getArguments(): Promise<{ readonly context: unknown; readonly inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log';
export type HookCallback = (context: Record<string, unknown>) => unknown;
