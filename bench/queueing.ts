import { EventQueue } from '../test/simulation/kernel/event-queue.ts';

/** The clock of a discrete-event simulation: time moves from one event to the next. */
export class Simulation {
  readonly #queue = new EventQueue();
  #now = 0;
  #order = 0;

  /** Seconds since the start. */
  get now(): number {
    return this.#now;
  }

  after(seconds: number, run: () => void): void {
    this.#queue.add({ at: this.#now + seconds, order: this.#order++, run, cancelled: false });
  }

  /** Runs everything that happens up to a time. */
  runUntil(seconds: number): void {
    for (let next = this.#queue.next(); next !== undefined; next = this.#queue.next()) {
      if (next.at > seconds) {
        this.#queue.add(next);
        break;
      }
      this.#now = next.at;
      next.run();
    }
    this.#now = seconds;
  }
}

export interface StationOptions {
  /** Entities that are served together. Default: 1. */
  readonly maxBatch?: number;
  /** How long (s) it takes to serve a batch that uses this many units. */
  seconds(units: number): number;
  /** Called when a batch has been served, before its entities go on. */
  onBatch?(): void;
}

interface Waiting {
  readonly units: number;
  readonly next: () => void;
}

/** A server with a queue: first come, first served, one batch at a time. */
export class Station {
  readonly #simulation: Simulation;
  readonly #options: StationOptions;
  /** What waits, from `#first` on. */
  #waiting: Waiting[] = [];
  #first = 0;
  #busy = false;
  #busySeconds = 0;
  #arrived = 0;

  constructor(simulation: Simulation, options: StationOptions) {
    this.#simulation = simulation;
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length - this.#first;
  }

  get arrived(): number {
    return this.#arrived;
  }

  /** How long (s) it has served, until the end of the current batch. */
  get busySeconds(): number {
    return this.#busySeconds;
  }

  /** @param next what the entity does when it has been served */
  arrive(units: number, next: () => void): void {
    this.#arrived++;
    this.#waiting.push({ units, next });
    if (!this.#busy) this.#serve();
  }

  #serve(): void {
    const batch = this.#waiting.slice(this.#first, this.#first + (this.#options.maxBatch ?? 1));
    this.#first += batch.length;
    if (this.#first > 1_000 && this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    this.#busy = batch.length > 0;
    if (!this.#busy) return;
    const seconds = this.#options.seconds(batch.reduce((sum, { units }) => sum + units, 0));
    this.#busySeconds += seconds;
    this.#simulation.after(seconds, () => {
      this.#options.onBatch?.();
      for (const { next } of batch) next();
      this.#serve();
    });
  }
}
