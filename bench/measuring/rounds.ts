/** How much a section measures. */
export interface Effort {
  /** Smaller sizes, for a first impression. */
  readonly quick: boolean;
  /** Also the largest sizes. */
  readonly full: boolean;
  /** Measured rounds, in each of which all alternatives take a turn. */
  readonly rounds: number;
  /** Reports progress. */
  say(line: string): void;
}

/**
 * Measures alternatives in turns. Every second round has the reverse order, so that no alternative is always first.
 * @param alternatives by name
 * @param warmUps rounds before the measured ones
 * @returns a function that returns the measurements of an alternative, one per round
 */
export async function alternate<Name, Sample>(
  alternatives: ReadonlyMap<Name, () => Promise<Sample>>,
  { rounds, say }: Pick<Effort, 'rounds' | 'say'>,
  warmUps = 1,
): Promise<(name: Name) => readonly Sample[]> {
  const inOrder = [...alternatives];
  const samples = new Map<Name, Sample[]>(inOrder.map(([name]) => [name, []]));
  for (let round = 1 - warmUps; round <= rounds; round++) {
    say(round < 1 ? 'warms up' : `round ${round} of ${rounds}`);
    for (const [name, measure] of round % 2 === 0 ? inOrder : inOrder.toReversed()) {
      samples.get(name)?.push(await measure());
    }
  }
  return (name) => samples.get(name)?.slice(warmUps) ?? [];
}
