/** What every event of the log has. */
export interface LoggedEvent {
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly timestamp: string;
  readonly causationId: string;
  readonly metadata: { readonly userId: string };
}

export const keyOf = ({ aggregateType, aggregateId, version }: LoggedEvent): string =>
  `${aggregateType}/${aggregateId}/${version}`;

/** What a command has caused: its events, oldest first. */
export interface CausedEvents<Event> {
  /** The command's id as events have it: a hash. */
  readonly causationId: string;
  readonly userId: string;
  readonly events: readonly Event[];
}

/** The events of a correlation id, by the commands that caused them, oldest first. */
export function causationOf<Event extends LoggedEvent>(events: readonly Event[]): readonly CausedEvents<Event>[] {
  const oldestFirst = events.toSorted((a, b) => a.timestamp.localeCompare(b.timestamp) || a.version - b.version);
  const commands = Map.groupBy(oldestFirst, ({ causationId }) => causationId);
  return [...commands].map(([causationId, caused]) => ({
    causationId,
    userId: caused[0]?.metadata.userId ?? '',
    events: caused,
  }));
}

/**
 * The newest events that are known after a read: those of the read, and the ones before it that it continues. A read that does not
 * reach them replaces them, so that the list has no gap. A read of a copy that is behind what is known changes nothing.
 */
export function withNewer<Event extends LoggedEvent>(
  known: readonly Event[],
  read: readonly Event[],
  most: number,
): readonly Event[] {
  const [newest] = read;
  if (newest === undefined || known.slice(1).some((event) => keyOf(event) === keyOf(newest))) return known;
  const keys = new Set(read.map(keyOf));
  const older = known.filter((event) => !keys.has(keyOf(event)));
  const isContinuous = older.length < known.length;
  return [...read, ...(isContinuous ? older : [])].slice(0, most);
}
