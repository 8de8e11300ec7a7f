import type { CommandCommit } from '../write-store.ts';

/** The JSON that `orders.CommitCommand` takes. An event's body is text inside it, so it is stored as it was serialized. */
export function commitDocument({ command, events, ...rows }: CommandCommit): string {
  const { result, ...record } = command;
  return JSON.stringify({
    previousVersion: result.version - events.length,
    command: { ...record, ...result },
    events,
    ...rows,
  });
}
