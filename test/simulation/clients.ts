import { expireOrder } from '../../src/commands/orders/expire-order.ts';
import type { CommandAnswer, CommandEnvelope } from '../../src/commands/pipeline/command.ts';
import { commandKey } from '../../src/commands/pipeline/command-key.ts';
import { Problem } from '../../src/shared/http/problem.ts';
import { envelopeOf, type SentCommand } from '../support/commands/command-bus.ts';
import type { Cluster, RunningCommands } from './cluster.ts';
import type { World } from './kernel/world.ts';
import { Readers } from './readers.ts';
import { CLIENTS, type ClientCommand, orderOf } from './workload.ts';

/** Kinds of faults of clients. */
export const CLIENT_FAULTS = { 'client sends twice': 0.05, 'client loses the answer': 0.03 };

/** What a client knows about a command in the end. */
export interface KnownOutcome {
  readonly index: number;
  readonly command: SentCommand;
  /** The id under which the command is recorded, and which its event has as `causationId`. */
  readonly key: string;
  /** The code of the problem, or the version that the command created. */
  readonly answer: string | number;
  /** Whether an attempt ended without an answer, so that it may still take effect. */
  readonly isCertain: boolean;
}

/** Milliseconds that a client waits for an answer. */
const PATIENCE_MS = 40_000;
/** Share of the accepted commands after which the client reads the order. */
const READ_BACK = 0.5;
/** Answers after which the same command is sent again. */
const RETRIED: ReadonlySet<string> = new Set(['unavailable', 'concurrent-update']);

/** The users: each sends its commands one after the other, and each command until it has an answer. */
export class Clients {
  readonly outcomes: KnownOutcome[] = [];
  readonly readers: Readers;
  readonly #world: World;
  readonly #cluster: Cluster;
  /** Busy until the first commands are sent. */
  #busy = 1;

  constructor(world: World, cluster: Cluster) {
    this.#world = world;
    this.#cluster = cluster;
    this.readers = new Readers(cluster);
  }

  get areDone(): boolean {
    return this.#busy === 0;
  }

  /** Sends the first commands one after the other, and then the others by several clients at the same time. */
  async send(given: readonly SentCommand[], commands: readonly ClientCommand[]): Promise<void> {
    const { scenario } = this.#world;
    for (const [index, command] of given.entries()) await this.#sendOne(index - given.length, command);
    const wanted = [...commands.entries()].filter(([index]) => scenario.commands?.has(index) ?? true);
    for (let client = 0; client < CLIENTS; client++) {
      const own = wanted.flatMap(([index, sent]) => (sent.client === client ? [[index, sent.command] as const] : []));
      void this.#sendAll(client, own);
    }
    this.#busy -= 1;
  }

  async #sendAll(client: number, commands: readonly (readonly [number, SentCommand])[]): Promise<void> {
    this.#busy += 1;
    for (const [index, command] of commands) {
      await this.#pause(this.#world.dice.between(`client ${client} thinks`, 0, 3_000));
      await this.#sendOne(index, command);
    }
    this.#busy -= 1;
  }

  /** Sends a command with one idempotency key until the answer is final. */
  async #sendOne(index: number, command: SentCommand): Promise<void> {
    const actor = `client of ${index}`;
    const envelope = envelopeOf({ ...command, commandId: `command ${index}` });
    for (let isCertain = true; ; ) {
      const answers = await this.#request(envelope, actor);
      const isUnknown = (answer: Answer) => answer === undefined || answer === 'unavailable';
      if (answers.some(isUnknown)) isCertain = false;
      const final = finalAnswer(answers);
      this.#world.note(actor, `${command.type} ${command.on ?? ''}: ${answers.map((answer) => answer ?? 'no answer')}`);
      if (final !== undefined) {
        this.outcomes.push({ index, command, key: commandKey(envelope), answer: final, isCertain });
        return this.#readBack(command, final);
      }
      await this.#pause(this.#world.dice.between(`${actor} waits`, 200, 3_000));
    }
  }

  /** Reads the order that a command has changed, as clients do that show it. */
  async #readBack(command: SentCommand, answer: string | number): Promise<void> {
    const orderId = orderOf(command);
    if (typeof answer !== 'number' || orderId === undefined) return;
    if (this.#world.dice.roll(`reads ${orderId}`) < READ_BACK) await this.readers.readBack(orderId, answer);
  }

  /** One request, or two at the same time. */
  async #request(envelope: CommandEnvelope, actor: string): Promise<readonly Answer[]> {
    const step = `sends ${envelope.commandType}`;
    const isTwice = this.#world.fault('client sends twice', actor, step);
    const attempts = isTwice ? [actor, `${actor} again`] : [actor];
    const answers = await Promise.all(attempts.map((name) => this.#attempt(envelope, name)));
    return this.#world.fault('client loses the answer', actor, step) ? [undefined] : answers;
  }

  async #attempt(envelope: CommandEnvelope, actor: string): Promise<Answer> {
    const { dice } = this.#world;
    const running = this.#cluster.commands;
    if (running.length === 0) return undefined;
    const target = dice.pick(`${actor} is routed`, running);
    await this.#pause(dice.between(`${actor} request`, 1, 50));
    const patience = this.#pause(PATIENCE_MS);
    return Promise.race([answerOf(target, envelope), target.process.crashed.then(noAnswer), patience.then(noAnswer)]);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#world.schedule(ms, resolve));
  }
}

/** The version that the command created, or the code of the problem. Undefined without an answer. */
type Answer = string | number | undefined;

const noAnswer = () => undefined;

/** The answer with which a client is done. Of two requests at the same time, one may be rejected and the other one accepted. */
function finalAnswer(answers: readonly Answer[]): Exclude<Answer, undefined> | undefined {
  const accepted = answers.find((answer) => typeof answer === 'number');
  return accepted ?? answers.find((answer) => answer !== undefined && !RETRIED.has(String(answer)));
}

/** The answer of the app: the version that the command created, or the code of the problem. */
async function answerOf({ process, app }: RunningCommands, envelope: CommandEnvelope): Promise<string | number> {
  try {
    const { result } = await dispatch({ process, app }, envelope);
    return result.version;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    return `unexpected: ${error instanceof Error ? error.stack : error}`;
  }
}

async function dispatch({ process, app }: RunningCommands, envelope: CommandEnvelope): Promise<CommandAnswer> {
  const { bus, internalBus } = await app.services();
  const { now, newId } = process.runtime;
  const received = { ...envelope, newAggregateId: newId(), receivedAt: new Date(now()).toISOString() };
  return (envelope.commandType === expireOrder.type ? internalBus : bus).dispatch(received);
}
