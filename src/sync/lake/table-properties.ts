const DAY_MS = 86_400_000;

/** Commits from one checkpoint to the next. */
export const CHECKPOINT_INTERVAL = 10;
/** How long a removed file stays, for readers that have started before. */
export const REMOVED_FILES_MS = DAY_MS;
/** How long old versions of the log stay. */
export const LOG_MS = 7 * DAY_MS;
/** How long the log says that a captured file was read: longer than a file can be late. */
export const TRANSACTIONS_MS = 4 * DAY_MS;

/** The same, as properties of the tables: https://docs.delta.io/latest/table-properties.html */
export const TABLE_PROPERTIES: Readonly<Record<string, string>> = {
  'delta.checkpointInterval': String(CHECKPOINT_INTERVAL),
  'delta.deletedFileRetentionDuration': 'interval 1 days',
  'delta.logRetentionDuration': 'interval 7 days',
  'delta.setTransactionRetentionDuration': 'interval 4 days',
};
