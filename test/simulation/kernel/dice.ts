/**
 * Random numbers that depend on a seed, the name of a decision, and how often it was made before. Unlike the next number of a
 * generator, a decision stays the same when unrelated decisions are added or left out, so a run can be shrunk.
 */
export class Dice {
  readonly #seed: number;
  readonly #decisions = new Map<string, Decision>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The decision with a name. A caller that makes it often should keep it. */
  decision(name: string): Decision {
    let decision = this.#decisions.get(name);
    if (decision === undefined) {
      decision = new Decision(hash(name, this.#seed));
      this.#decisions.set(name, decision);
    }
    return decision;
  }

  /** A number from 0 (included) to 1 (excluded). */
  roll(name: string): number {
    return this.decision(name).roll();
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

/** A decision that is made again and again: a generator (SplitMix32) whose state starts as the hash of its name. */
export class Decision {
  #state: number;
  #rolls = 0;

  constructor(state: number) {
    this.#state = state;
  }

  /** How often it was made so far. */
  get rolls(): number {
    return this.#rolls;
  }

  /** A number from 0 (included) to 1 (excluded). */
  roll(): number {
    this.#rolls += 1;
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return mix(this.#state) / 2 ** 32;
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
  return mix(h ^ text.length);
}

/** The last step of MurmurHash3: every bit of the result depends on every bit of `h`. */
function mix(h: number): number {
  let mixed = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
