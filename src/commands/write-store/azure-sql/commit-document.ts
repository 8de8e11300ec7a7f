import type { CommandCommit } from '../write-store.ts';

/**
 * Returns the JSON parameter of `orders.CommitCommand`. An event's body is a string in it, so it is stored exactly as serialized.
 */
export function commitDocument({ command, events, ...rows }: CommandCommit): string {
  const { result, ...record } = command;
  return JSON.stringify({
    previousVersion: result.version - events.length,
    command: { ...record, ...result },
    events,
    ...rows,
  });
}
