/** The database cannot be reached at the moment. A reconnect is in progress, so retrying sooner would not help. */
export class DatabaseUnavailable extends Error {
  readonly code = 'EUNAVAILABLE';

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The write database is not available: ${reason}`, { cause });
    this.name = 'DatabaseUnavailable';
  }
}
