import { commandKey } from '../../src/commands/pipeline/command-key.ts';
import { envelopeOf, type SentCommand } from '../support/commands/command-bus.ts';
import type { Cluster, RunningCommands } from './cluster.ts';
import { type CommandOutcome, type CommandRequest, readAnswer, sendCommand } from './http/command-request.ts';
import type { World } from './kernel/world.ts';
import { Readers } from './readers.ts';
import { CLIENTS, type ClientCommand, orderOf } from './workload.ts';

/** Kinds of faults of clients. */
export const CLIENT_FAULTS = {
  'client sends twice': 0.05,
  'client loses the answer': 0.03,
  'client sends again later': 0.1,
};

/** What a client knows about a command in the end. */
export interface KnownOutcome {
  readonly request: CommandRequest;
  /** The id under which the command is recorded, and which its event has as `causationId`. */
  readonly key: string;
  /** The code of the problem, or the version that the command created. */
  readonly answer: string | number;
  /** Every answer of the apps to an attempt, including lost ones. */
  readonly answers: readonly CommandOutcome[];
  /** The answers to requests with the same key after the command was accepted. */
  readonly later: (string | number)[];
  /** Whether an attempt ended without an answer, so that it may still take effect. */
  readonly isCertain: boolean;
}

/** Milliseconds that a client waits for an answer. */
const PATIENCE_MS = 40_000;
/** Share of the accepted commands after which the client reads the order. */
const READ_BACK = 0.5;
/** Of the commands on existing aggregates, the share that expects the last version seen, and the share that accepts any version. */
const EXPECTS = { version: 0.2, any: 0.05 };
/** The share of the commands that are sent as envelopes. */
const ENVELOPES = 0.2;
/** Answers after which the same command is sent again. */
const RETRIED: ReadonlySet<string> = new Set(['unavailable', 'concurrent-update']);

/** The users. Each sends its commands one after the other, and resends a command until it has an answer. */
export class Clients {
  readonly outcomes: KnownOutcome[] = [];
  readonly readers: Readers;
  readonly #world: World;
  readonly #cluster: Cluster;
  /** The last version of each aggregate that a client has seen after changing it. */
  readonly #seen = new Map<string, number>();
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

  /** Sends the first commands one after the other. Then several clients send the others concurrently. */
  async send(given: readonly SentCommand[], commands: readonly ClientCommand[]): Promise<void> {
    const { scenario } = this.#world;
    for (const [index, command] of given.entries()) await this.#sendOne(index - given.length, command);
    const wanted = [...commands.entries()].filter(([index]) => scenario.commands?.has(index) ?? true);
    for (let client = 0; client < CLIENTS; client++) {
      void this.#sendAll(
        client,
        wanted.filter(([, sent]) => sent.client === client),
      );
    }
    this.#busy -= 1;
  }

  async #sendAll(client: number, commands: readonly (readonly [number, ClientCommand])[]): Promise<void> {
    this.#busy += 1;
    for (const [index, { command, meanwhile }] of commands) {
      await this.#pause(this.#world.dice.between(`client ${client} thinks`, 0, 3_000));
      const other = meanwhile === undefined ? undefined : this.#sendOne(`${index} meanwhile`, meanwhile);
      await this.#sendOne(index, command);
      await other;
    }
    this.#busy -= 1;
  }

  /** Sends a command with one idempotency key until the answer is final. */
  async #sendOne(index: number | string, command: SentCommand): Promise<void> {
    const actor = `client of ${index}`;
    const request = this.#toRequest(`command ${index}`, command);
    const given: CommandOutcome[] = [];
    for (let isCertain = true; ; ) {
      const answers = await this.#request(request, given, actor);
      const isUnknown = (answer: Answer) => answer === undefined || answer === 'unavailable';
      if (answers.some(isUnknown)) isCertain = false;
      const final = finalAnswer(answers);
      this.#world.note(actor, `${command.type} ${command.on ?? ''}: ${answers.map((answer) => answer ?? 'no answer')}`);
      if (final !== undefined) {
        const key = commandKey({ actor: request.actor, commandId: request.idempotencyKey });
        const outcome: KnownOutcome = { request, key, answer: final, answers: given, later: [], isCertain };
        this.outcomes.push(outcome);
        return this.#afterwards(outcome, given, actor);
      }
      await this.#pause(this.#world.dice.between(`${actor} waits`, 200, 3_000));
    }
  }

  #toRequest(idempotencyKey: string, command: SentCommand): CommandRequest {
    const { dice } = this.#world;
    const { on } = command;
    const luck = dice.roll(`${idempotencyKey} expects`);
    const seen = on === undefined ? undefined : this.#seen.get(on);
    const version = seen !== undefined && luck < EXPECTS.version ? `"${seen}"` : undefined;
    const any = on !== undefined && luck > 1 - EXPECTS.any ? '*' : undefined;
    return {
      command,
      actor: envelopeOf(command).actor,
      idempotencyKey,
      ifMatch: version ?? any,
      isEnvelope: dice.roll(`${idempotencyKey} is an envelope`) < ENVELOPES,
    };
  }

  /** What a client does after an accepted command: it may send the command again, and read the order. */
  async #afterwards(outcome: KnownOutcome, given: CommandOutcome[], actor: string): Promise<void> {
    const { request, answer } = outcome;
    const { command } = request;
    if (typeof answer !== 'number') return;
    if (command.on !== undefined) this.#seen.set(command.on, answer);
    if (this.#world.fault('client sends again later', actor, `sends ${command.type}`)) {
      void this.#sendAgain(outcome, given, actor);
    }
    await this.#readBack(command, answer);
  }

  async #sendAgain({ request, later }: KnownOutcome, given: CommandOutcome[], actor: string): Promise<void> {
    this.#busy += 1;
    await this.#pause(this.#world.dice.between(`${actor} sends later`, 1_000, 15_000));
    const answer = await this.#attempt(request, given, `${actor} later`);
    if (answer !== undefined && !RETRIED.has(String(answer))) later.push(answer);
    this.#busy -= 1;
  }

  /** Reads the order that a command has changed, like a client that displays it. */
  async #readBack(command: SentCommand, answer: number): Promise<void> {
    const orderId = orderOf(command);
    if (orderId === undefined) return;
    if (this.#world.dice.roll(`reads ${orderId}`) < READ_BACK) await this.readers.readBack(orderId, answer);
  }

  /** One request, or two at the same time. */
  async #request(request: CommandRequest, given: CommandOutcome[], actor: string): Promise<readonly Answer[]> {
    const step = `sends ${request.command.type}`;
    const isTwice = this.#world.fault('client sends twice', actor, step);
    const attempts = isTwice ? [actor, `${actor} again`] : [actor];
    const answers = await Promise.all(attempts.map((name) => this.#attempt(request, given, name)));
    return this.#world.fault('client loses the answer', actor, step) ? [undefined] : answers;
  }

  async #attempt(request: CommandRequest, given: CommandOutcome[], actor: string): Promise<Answer> {
    const { dice } = this.#world;
    const running = this.#cluster.commands;
    if (running.length === 0) return undefined;
    const target = dice.pick(`${actor} is routed`, running);
    await this.#pause(dice.between(`${actor} request`, 1, 50));
    const patience = this.#pause(PATIENCE_MS);
    const answered = this.#answerOf(target, request, given);
    return Promise.race([answered, target.process.crashed.then(noAnswer), patience.then(noAnswer)]);
  }

  /** The answer of an app. It is recorded even if it arrives too late. */
  async #answerOf({ api }: RunningCommands, request: CommandRequest, given: CommandOutcome[]): Promise<Answer> {
    const answer = readAnswer(await sendCommand(this.#world, api, request), request);
    given.push(answer);
    return answer.result;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#world.schedule(ms, resolve));
  }
}

/** The version that the command created, or the code of the problem. Undefined without an answer. */
type Answer = string | number | undefined;

const noAnswer = () => undefined;

/** The answer after which a client stops resending. Of two concurrent requests, one may be rejected and the other accepted. */
function finalAnswer(answers: readonly Answer[]): Exclude<Answer, undefined> | undefined {
  const accepted = answers.find((answer) => typeof answer === 'number');
  return accepted ?? answers.find((answer) => answer !== undefined && !RETRIED.has(String(answer)));
}
