/** What dead letters are grouped by. */
export interface Groupable {
  readonly readModel: string;
  readonly reason: string;
  /** The event as it was received. */
  readonly event: unknown;
}

/** Dead letters of one read model with the same reason and type of event. */
export interface LetterGroup<Letter extends Groupable> {
  readonly key: string;
  readonly readModel: Letter['readModel'];
  /** What the reasons of all of them start with. */
  readonly reason: string;
  /** Undefined for what is not an event. */
  readonly eventType: string | undefined;
  readonly letters: readonly Letter[];
}

/** Longest reason in a filter of the API, in UTF-16 code units. */
const MAX_REASON_LENGTH = 400;

/** The largest group first. Details of a reason, which follow a colon, do not make another group. */
export function groupLetters<Letter extends Groupable>(letters: readonly Letter[]): readonly LetterGroup<Letter>[] {
  const groups = Map.groupBy(letters, (letter) =>
    JSON.stringify([letter.readModel, summaryOf(letter.reason), eventOf(letter).eventType]),
  );
  return [...groups]
    .flatMap(([key, own]) => {
      const [first] = own;
      if (first === undefined) return [];
      const { readModel, reason } = first;
      return { key, readModel, reason: summaryOf(reason), eventType: eventOf(first).eventType, letters: own };
    })
    .toSorted((a, b) => b.letters.length - a.letters.length);
}

function summaryOf(reason: string): string {
  const [summary = ''] = reason.split(/[:\n]/, 1);
  return summary.slice(0, MAX_REASON_LENGTH);
}

/** What the API needs to redrive the group, also letters of it that the page has not read. */
export const filterOf = <Letter extends Groupable>({ readModel, reason, eventType }: LetterGroup<Letter>) => ({
  readModel,
  ...(reason !== '' && { reason }),
  ...(eventType !== undefined && { eventType }),
});

/** What an event says of itself. A dead letter may be anything, so that each field can be absent. */
export interface EventHead {
  readonly eventType: string | undefined;
  readonly schemaVersion: number | undefined;
  readonly aggregateType: string | undefined;
  readonly aggregateId: string | undefined;
}

export function eventOf({ event }: Pick<Groupable, 'event'>): EventHead {
  const field = (name: string): unknown =>
    typeof event === 'object' && event !== null ? Reflect.get(event, name) : undefined;
  const text = (name: string) => {
    const value = field(name);
    return typeof value === 'string' ? value : undefined;
  };
  const schemaVersion = field('schemaVersion');
  return {
    eventType: text('eventType'),
    schemaVersion: typeof schemaVersion === 'number' ? schemaVersion : undefined,
    aggregateType: text('aggregateType'),
    aggregateId: text('aggregateId'),
  };
}
