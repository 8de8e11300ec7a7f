import type { CommandEnvelope } from '../../src/commands/pipeline/command.ts';
import type { CommandBus } from '../../src/commands/pipeline/command-bus.ts';
import type { CustomerKeys } from '../../src/commands/write-store/customer-keys.ts';
import type { Outbox } from '../../src/commands/write-store/outbox.ts';
import type { WriteStore } from '../../src/commands/write-store/write-store.ts';
import { Problem } from '../../src/shared/http/problem.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { expectLogAndTablesToAgree, type Tables } from '../support/commands/tables.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** What a client receives: the version and whether the answer is a replay, or the code of the problem. */
export type Answer = { readonly version: number; readonly replayed: boolean } | { readonly code: string };

type Sent = SentCommand & Partial<Pick<CommandEnvelope, 'expectedVersion'>>;

/** Two command buses on one database, as in two processes. */
export interface BusContext {
  readonly store: WriteStore & Outbox & CustomerKeys;
  send(command: Sent): Promise<Answer>;
  /** Sends all commands concurrently, half through each bus, and expects the log and the tables to agree afterwards. */
  sendConcurrently(commands: readonly Sent[]): Promise<readonly Answer[]>;
  /** The same with long pauses between the attempts of a command, so that a slow machine is no reason to lose all of them. */
  sendPatiently(commands: readonly Sent[]): Promise<readonly Answer[]>;
  tables(): Promise<Tables>;
}

const PATIENT = { ...systemRuntime, delay: (ms: number) => systemRuntime.delay(10 * ms) };

/** Opens both buses on a fixture's stores. */
export function openContext(
  fixture: WriteStoreFixture,
  [store, other]: readonly [WriteStore & Outbox & CustomerKeys, WriteStore],
): BusContext {
  const open = (on: WriteStore, runtime = systemRuntime) =>
    openCommandBus(on, undefined, undefined, { erasureNeedsSecondPerson: true, runtime });
  const buses = [open(store), open(other)] as const;
  const sendBy = async ({ dispatch }: CommandBus, { expectedVersion, ...command }: Sent): Promise<Answer> => {
    try {
      const { result, replayed } = await dispatch({ ...envelopeOf(command), expectedVersion });
      return { version: result.version, replayed };
    } catch (error) {
      if (error instanceof Problem) return { code: error.code };
      throw error;
    }
  };
  const sendAll = async ([one, two]: readonly [CommandBus, CommandBus], commands: readonly Sent[]) => {
    const answers = await Promise.all(commands.map((command, index) => sendBy(index % 2 === 0 ? one : two, command)));
    await expectLogAndTablesToAgree(store, await fixture.dump());
    return answers;
  };
  return {
    store,
    send: (command) => sendBy(buses[0], command),
    sendConcurrently: (commands) => sendAll(buses, commands),
    sendPatiently: (commands) => sendAll([open(store, PATIENT), open(other, PATIENT)], commands),
    tables: () => fixture.dump(),
  };
}

/** The number of answers of each kind: `accepted`, `replayed`, or the code of a problem. */
export function tally(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const kinds = answers.map((answer) => ('code' in answer ? answer.code : answer.replayed ? 'replayed' : 'accepted'));
  return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, { length }]) => [kind, length]));
}

/** The versions of the accepted commands, in ascending order. */
export function acceptedVersions(answers: readonly Answer[]): readonly number[] {
  return answers
    .flatMap((answer) => ('code' in answer || answer.replayed ? [] : [answer.version]))
    .sort((a, b) => a - b);
}
