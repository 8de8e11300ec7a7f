/** How much a section measures. */
export interface Effort {
  /** Less of everything, for a first look. */
  readonly quick: boolean;
  /** The largest sizes, too. */
  readonly full: boolean;
  /** Rounds of alternatives that alternate. */
  readonly rounds: number;
  /** Reports progress. */
  say(line: string): void;
}

/**
 * Measures alternatives in turns. Every second round has the reverse order, so that none is always measured first.
 * @param warmUps rounds before that are not measured
 * @returns the measurements of an alternative, one per round
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
