import type { Runtime } from '../../../src/shared/runtime.ts';
import { delayBy, seededChance } from '../../support/simulated-runtime.ts';
import type { Decision } from './dice.ts';
import type { World } from './world.ts';

/** What happens to a call at an edge. */
export interface Call<Result> {
  /** What is called, for example `sql commit`. */
  readonly step: string;
  /** The work of the service. It takes no time of its own. */
  readonly effect: () => Result | Promise<Result>;
  /** Faults of the service that prevent the effect, with the error that the caller gets. */
  readonly refusals: Readonly<Record<string, () => unknown>>;
  /** The error that the caller gets when the answer is lost, so that nobody knows whether the effect took place. */
  readonly lost: () => unknown;
}

/** Kinds of faults that every call at an edge can have. */
export const CALL_FAULTS = {
  'slow call': 0.02,
  'answer lost': 0.03,
  'repeated by the client library': 0.02,
  'crash before the effect': 0.003,
  'crash after the effect': 0.004,
};

/** Chance that a call of a process that has crashed since still reaches its service. */
const STILL_ARRIVES = 0.5;

/** One run of an app: memory and timers that a crash destroys. */
export class Process {
  readonly name: string;
  readonly runtime: Runtime;
  readonly #world: World;
  readonly #crashed = Promise.withResolvers<void>();
  readonly #timers = new Set<() => void>();
  readonly #latencies = new Map<string, Decision>();
  #alive = true;
  #calls = 0;

  constructor(world: World, name: string, seed: number) {
    this.#world = world;
    this.name = name;
    this.runtime = this.#createRuntime(seed);
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** Timers that are set: bounded, unless something leaks. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Calls at edges that have not been answered. */
  get calls(): number {
    return this.#calls;
  }

  /** Resolves when the process crashes. */
  get crashed(): Promise<void> {
    return this.#crashed.promise;
  }

  /** Ends the process: its timers never run, and its calls are never answered. */
  crash(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#world.note(this.name, 'CRASH');
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#crashed.resolve();
  }

  /** Calls a service. The promise never settles when the process crashes first. */
  call<Result>(call: Call<Result>): Promise<Result> {
    const answer = Promise.withResolvers<Result>();
    if (!this.#alive) return answer.promise;
    this.#calls += 1;
    this.#world.schedule(this.#latency(call.step), () => void this.#arrive(call, answer));
    return answer.promise;
  }

  /** The call reaches the service. */
  async #arrive<Result>(call: Call<Result>, answer: PromiseWithResolvers<Result>): Promise<void> {
    if (!this.#alive) return this.#arriveLate(call);
    const { step, effect, lost } = call;
    const happens = (kind: string) => this.#world.fault(kind, this.name, step);
    if (happens('crash before the effect')) return this.crash();
    const refusal = Object.entries(call.refusals).find(([kind]) => happens(kind));
    if (refusal !== undefined) return this.#reply(step, answer, { error: refusal[1]() });
    if (happens('repeated by the client library')) await settled(effect);
    const outcome = await settled(effect);
    this.#world.note(this.name, 'error' in outcome ? `${step}: ${describe(outcome.error)}` : step);
    if (happens('crash after the effect')) return this.crash();
    this.#reply(step, answer, happens('answer lost') ? { error: lost() } : outcome);
  }

  /** A call that was on its way when the process crashed may still arrive. */
  async #arriveLate({ step, effect }: Call<unknown>): Promise<void> {
    if (this.#world.dice.roll(`${this.name} ${step} still arrives`) >= STILL_ARRIVES) return;
    this.#world.note(this.name, `${step} arrives after the crash`);
    await settled(effect);
  }

  #reply<Result>(step: string, answer: PromiseWithResolvers<Result>, outcome: Outcome<Result>): void {
    this.#world.schedule(this.#latency(step), () => {
      if (!this.#alive) return;
      this.#calls -= 1;
      if ('error' in outcome) answer.reject(outcome.error);
      else answer.resolve(outcome.result);
    });
  }

  /** Milliseconds of one way: mostly a few, sometimes seconds. */
  #latency(step: string): number {
    const decision = this.#latencies.get(step) ?? this.#world.dice.decision(`${this.name} ${step} latency`);
    this.#latencies.set(step, decision);
    const luck = decision.roll();
    if (this.#world.fault('slow call', this.name, step)) return 1_000 + luck * 11_000;
    return luck < 0.9 ? 1 + luck * 10 : 10 + (luck - 0.9) * 2_000;
  }

  #createRuntime(seed: number): Runtime {
    const world = this.#world;
    const startedAt = world.passed;
    const skew = this.#skew();
    const timer: Runtime['timer'] = (ms, callback) => {
      if (!this.#alive) return () => undefined;
      const cancel = world.schedule(ms, () => {
        this.#timers.delete(cancel);
        callback();
      });
      this.#timers.add(cancel);
      return () => {
        cancel();
        this.#timers.delete(cancel);
      };
    };
    return {
      now: () => Math.floor(world.time + skew),
      monotonicMs: () => 1 + world.passed - startedAt,
      timer,
      delay: delayBy(timer),
      ...seededChance(seed),
    };
  }

  /** How far (ms) the clock of the process is wrong. */
  #skew(): number {
    const { dice } = this.#world;
    return dice.roll('clocks differ') < 0.5 ? 0 : dice.between(`${this.name} clock`, -3_000, 3_000);
  }
}

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

async function settled<Result>(effect: () => Result | Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await effect() };
  } catch (error) {
    return { error };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name} ${'code' in error ? error.code : ''} ${error.message}` : String(error);
}
