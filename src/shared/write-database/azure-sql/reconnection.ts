import { type Backoff, backoffMs } from '../../backoff.ts';
import type { Runtime } from '../../runtime.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { hasTransientNumber, isTransient } from './sql-errors.ts';

/**
 * Milliseconds that requests wait for a reconnect, counted from the loss. After that, they fail at once until it succeeds.
 * A server that refuses logins with a transient error is there: a failover takes 10 to 60 s, and a paused database resumes in
 * about a minute (https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-connectivity-issues). The wait ends
 * before the caller gives up. A login that is refused for good is not waited for.
 */
const PATIENCE_MS = { firstAttempt: 10_000, loginRefused: 25_000, unreachable: 2_000, permanent: 0 };

const BACKOFF: Backoff = { firstMs: 250, maxMs: 5_000 };
/** Reconnecting stops when no request has asked for the database for this long (ms). The next request starts it again. */
const IDLE_MS = 60_000;

export interface ReconnectionOptions {
  /** Opens a connection, to learn whether the server accepts one. */
  readonly connect: () => Promise<unknown>;
  readonly log: (line: string) => void;
  readonly runtime: Pick<Runtime, 'monotonicMs' | 'delay' | 'random'>;
}

interface Outage {
  readonly since: number;
  /** When requests began to wait: `since`, or the start of the present attempts if they stopped in between. */
  waitingSince: number;
  error: unknown;
}

/**
 * Knows whether a database can be reached, and reconnects once for all requests: one connection at a time, with backoff. Logs one
 * line when the database is lost and one when it is back. Nothing connects before the first request.
 */
export class Reconnection {
  readonly #connect: () => Promise<unknown>;
  readonly #log: (line: string) => void;
  readonly #runtime: ReconnectionOptions['runtime'];
  readonly #closing = new AbortController();
  #isOpen = false;
  #running: Promise<void> | undefined;
  /** Settles when the present attempt has ended. */
  #attempt = Promise.withResolvers<void>();
  #outage: Outage | undefined;
  #startedAt = 0;
  #askedAt = 0;

  constructor({ connect, log, runtime }: ReconnectionOptions) {
    this.#connect = connect;
    this.#log = log;
    this.#runtime = runtime;
  }

  /** Waits until the database can be reached. Throws `DatabaseUnavailable` when that takes too long (`PATIENCE_MS`). */
  async ready(): Promise<void> {
    while (!this.#isOpen) {
      this.#closing.signal.throwIfAborted();
      this.#askedAt = this.#runtime.monotonicMs();
      this.#running ??= this.#reconnect();
      const patience = this.#patienceLeft();
      if (patience <= 0) throw new DatabaseUnavailable(this.#outage?.error ?? new Error('The server does not answer.'));
      await this.#nextAttempt(patience);
    }
  }

  /** Reports that a connection broke or could not be opened. The next requests wait until a new connection succeeds. */
  lost(): void {
    this.#isOpen = false;
  }

  /** Stops reconnecting. Waits for the attempt in progress. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The database is closed.'));
    this.#isOpen = false;
    await this.#running;
  }

  async #nextAttempt(ms: number): Promise<void> {
    const waiting = new AbortController();
    const signal = AbortSignal.any([waiting.signal, this.#closing.signal]);
    await Promise.race([this.#attempt.promise, this.#runtime.delay(ms, signal)]);
    waiting.abort();
  }

  #patienceLeft(): number {
    if (this.#outage === undefined) return this.#startedAt + PATIENCE_MS.firstAttempt - this.#runtime.monotonicMs();
    return this.#outage.waitingSince + patienceFor(this.#outage.error) - this.#runtime.monotonicMs();
  }

  async #reconnect(): Promise<void> {
    this.#startedAt = this.#runtime.monotonicMs();
    if (this.#outage !== undefined) this.#outage.waitingSince = this.#startedAt;
    for (
      let attempt = 1;
      !this.#closing.signal.aborted && this.#runtime.monotonicMs() - this.#askedAt < IDLE_MS;
      attempt++
    ) {
      this.#isOpen = await this.#tryOnce();
      this.#attempt.resolve();
      this.#attempt = Promise.withResolvers();
      if (this.#isOpen) break;
      await this.#runtime.delay(backoffMs(attempt, BACKOFF, this.#runtime.random), this.#closing.signal);
    }
    this.#running = undefined;
  }

  async #tryOnce(): Promise<boolean> {
    try {
      await this.#connect();
    } catch (error) {
      if (this.#outage === undefined) {
        this.#log(`The write database is lost: ${error instanceof Error ? error.message : error}`);
      }
      this.#outage = { since: this.#startedAt, waitingSince: this.#startedAt, ...this.#outage, error };
      return false;
    }
    if (this.#outage !== undefined) {
      const seconds = Math.round((this.#runtime.monotonicMs() - this.#outage.since) / 1000);
      this.#log(`The write database is back after ${seconds} s.`);
    }
    this.#outage = undefined;
    return true;
  }
}

function patienceFor(error: unknown): number {
  if (!isTransient(error)) return PATIENCE_MS.permanent;
  return hasTransientNumber(error) ? PATIENCE_MS.loginRefused : PATIENCE_MS.unreachable;
}
