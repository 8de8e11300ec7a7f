/**
 * Random numbers that depend on a seed, the name of a decision, and how often it was made before. Unlike the next number of a
 * generator, a decision stays the same when unrelated decisions are added or left out, so a run can be shrunk.
 */
export class Dice {
  readonly #seed: number;
  readonly #rolls = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** How often a decision was made so far. */
  rolls(name: string): number {
    return this.#rolls.get(name) ?? 0;
  }

  /** A number from 0 (included) to 1 (excluded). */
  roll(name: string): number {
    const times = this.rolls(name) + 1;
    this.#rolls.set(name, times);
    return hash(name, this.#seed ^ Math.imul(times, 0x9e3779b1)) / 2 ** 32;
  }

  /** A number from `from` (included) to `to` (excluded). */
  between(name: string, from: number, to: number): number {
    return from + this.roll(name) * (to - from);
  }

  /** A whole number from `from` to `to`, both included. */
  integer(name: string, from: number, to: number): number {
    return Math.floor(this.between(name, from, to + 1));
  }

  /** One of the values. Throws when there is none. */
  pick<Value>(name: string, values: readonly Value[]): Value {
    const picked = values[this.integer(name, 0, values.length - 1)];
    if (picked === undefined) throw new Error(`There is nothing to pick for ${name}.`);
    return picked;
  }
}

/** MurmurHash3 (x86, 32 bits, public domain) over the code units of a text. */
function hash(text: string, seed: number): number {
  let h = seed | 0;
  for (let index = 0; index < text.length; index++) {
    let k = Math.imul(text.charCodeAt(index), 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    h ^= k;
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
