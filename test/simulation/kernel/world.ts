import { type Decision, Dice } from './dice.ts';
import { type Due, EventQueue } from './event-queue.ts';

/** What a run depends on. The same scenario leads to the same run on any machine. */
export interface Scenario {
  readonly seed: number;
  /** Indexes of the commands to send; by default, all of them. */
  readonly commands?: ReadonlySet<number>;
  /** Names of the faults that may happen; by default, all of them. */
  readonly faults?: ReadonlySet<string>;
  /** By default, a run has about half of the kinds of faults. */
  readonly kinds?: 'all';
}

/** A line of a run's timeline. */
export interface Line {
  /** Simulated milliseconds since the start. */
  readonly at: number;
  /** The process, or the part of the world, that did something. */
  readonly actor: string;
  readonly text: string;
}

/** Kinds of faults with the probability of each at a step, in a run that has this kind. */
export type FaultRates = Readonly<Record<string, number>>;

/** The share of all kinds of faults that one run has. Runs with few kinds get further than runs with all of them. */
const SHARE_OF_KINDS = 0.5;

/** Most things that happen in one run. More than this means that something repeats without end. */
const MAX_STEPS = 200_000;

/** The simulated start of every run. */
export const STARTS_AT = Date.UTC(2026, 0, 15, 10, 30);

/**
 * Time, chance and faults. Whatever takes time is due at a simulated time, and runs when everything that happens before it has
 * happened: one thing at a time, in an order that follows from the seed.
 */
export class World {
  readonly dice: Dice;
  readonly scenario: Scenario;
  /** How often each fault met each step: by kind, then by step. */
  readonly coverage = new Map<string, Map<string, number>>();
  readonly happened: string[] = [];
  readonly timeline: Line[] = [];
  readonly #rates: ReadonlyMap<string, number>;
  /** Decisions about faults, by kind, actor and step. Each call makes several, and composing their names each time would take longer. */
  readonly #decisions = new Map<string, Map<string, Map<string, Decision>>>();
  readonly #records: boolean;
  readonly #queue = new EventQueue();
  readonly #outside = new Set<Promise<unknown>>();
  #passed = 0;
  #order = 0;
  #calm = false;
  #steps = 0;

  /** @param records whether to keep a timeline */
  constructor(scenario: Scenario, rates: FaultRates, records: boolean) {
    this.scenario = scenario;
    this.dice = new Dice(scenario.seed);
    this.#records = records;
    this.#rates = new Map(
      Object.entries(rates).filter(
        ([kind]) => this.dice.roll(`has ${kind}`) < SHARE_OF_KINDS || scenario.kinds === 'all',
      ),
    );
  }

  /** Simulated milliseconds since the start. */
  get passed(): number {
    return this.#passed;
  }

  /** The true time, in milliseconds since 1970. */
  get time(): number {
    return STARTS_AT + this.#passed;
  }

  /** Number of things that have happened. */
  get steps(): number {
    return this.#steps;
  }

  /** Runs something after `ms` milliseconds. Returns a function that cancels it. */
  schedule(ms: number, run: () => void): () => void {
    const due: Due = { at: this.#passed + ms, order: this.#order++, run, cancelled: false };
    this.#queue.add(due);
    return () => {
      due.cancelled = true;
    };
  }

  /** Decides whether a fault of a kind happens at a step of an actor. None happens after `calm`. */
  fault(kind: string, actor: string, step: string): boolean {
    const rate = this.#rates.get(kind);
    if (rate === undefined || this.#calm) return false;
    const decision = this.#decision(kind, actor, step);
    if (decision.roll() >= rate) return false;
    const id = `${nameOf(kind, actor, step)} #${decision.rolls}`;
    if (this.scenario.faults !== undefined && !this.scenario.faults.has(id)) return false;
    this.happened.push(id);
    const steps = this.coverage.get(kind) ?? new Map<string, number>();
    this.coverage.set(kind, steps.set(step, (steps.get(step) ?? 0) + 1));
    this.note(actor, `FAULT ${kind}: ${step}`);
    return true;
  }

  #decision(kind: string, actor: string, step: string): Decision {
    const ofKind = entryOf(this.#decisions, kind, () => new Map<string, Map<string, Decision>>());
    const ofActor = entryOf(ofKind, actor, () => new Map<string, Decision>());
    return entryOf(ofActor, step, () => this.dice.decision(nameOf(kind, actor, step)));
  }

  /** Ends all faults. */
  calm(): void {
    this.#calm = true;
    this.note('world', 'all faults have ended');
  }

  /** Stops the simulated time until the work is done. Meant for work that takes real time, such as verifying a signature in a thread. */
  outside<Result>(work: Promise<Result>): Promise<Result> {
    const done = work.finally(() => this.#outside.delete(done));
    this.#outside.add(done);
    return done;
  }

  note(actor: string, text: string): void {
    if (this.#records) this.timeline.push({ at: this.#passed, actor, text });
  }

  /** Lets time pass until a condition holds, which is checked every simulated 250 ms. Returns false when it does not hold in time. */
  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    await allPendingWork();
    await this.#settle();
    const end = this.#passed + limitMs;
    for (let checkAt = this.#passed; checkAt <= end; checkAt += 250) {
      await this.#runUntil(checkAt);
      if (this.#steps >= MAX_STEPS) return false;
      if (condition()) return true;
    }
    return false;
  }

  /** Resolves when everything has happened that takes no simulated time. */
  async #settle(): Promise<void> {
    await pendingWork();
    while (this.#outside.size > 0) {
      await Promise.allSettled(this.#outside);
      await pendingWork();
    }
  }

  async #runUntil(time: number): Promise<void> {
    for (let due = this.#queue.next(); due !== undefined; due = this.#queue.next()) {
      if (due.at > time || this.#steps >= MAX_STEPS) {
        this.#queue.add(due);
        break;
      }
      if (due.cancelled) continue;
      this.#passed = due.at;
      this.#steps += 1;
      due.run();
      await this.#settle();
    }
    this.#passed = time;
  }
}

const nameOf = (kind: string, actor: string, step: string): string => `${kind}: ${actor}: ${step}`;

/** The value of a key, which is created for the first use. */
function entryOf<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

/** Resolves when every promise that can settle without simulated time and without the event loop has settled. */
const pendingWork = () => new Promise<void>((resolve) => process.nextTick(resolve));
/** The same, and lets the event loop turn, which takes longer. */
const allPendingWork = () => new Promise((resolve) => setImmediate(resolve));
