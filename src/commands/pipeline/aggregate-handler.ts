import type { Decider } from '../domain/decider.ts';
import type { CommandResult, LoadedRows } from '../write-store/write-store.ts';
import type { Change, PreparedCommand } from './command.ts';

/** An aggregate as its rows hold it. */
export interface LoadedAggregate<State, Facts> {
  /** 0 when it does not exist. */
  readonly version: number;
  readonly state: State;
  readonly facts: Facts;
}

/** A decider with its rows: where its state and facts are read, and what an event changes. */
export interface Aggregate<Command, State, Facts, Event, Existing extends State = State> {
  readonly type: CommandResult['aggregateType'];
  readonly decider: Decider<Command, State, Facts, Event, Existing>;
  readonly load: (rows: LoadedRows) => LoadedAggregate<State, Facts>;
  readonly change: (decided: Decided<State, Event, Existing>, rows: LoadedRows) => Change;
}

/** What a decision has changed. */
export interface Decided<State, Event, Existing extends State = State> {
  readonly id: string;
  /** Version of the aggregate after the event. */
  readonly version: number;
  readonly before: State;
  readonly event: Event;
  readonly after: Existing;
}

/** A command that is ready to be decided. */
export interface AggregateCommand<Command, State> {
  readonly id: string;
  /** The rows that the decision needs. */
  readonly reads: PreparedCommand['reads'];
  /** The domain's command. Amounts in it may depend on the currency that the state has. */
  readonly toCommand: (state: State) => Command;
}

/** Handles commands of every aggregate in the same way: load the state, decide, evolve, and name the rows that change. */
export function prepareAggregate<Command, State, Facts, Event, Existing extends State>(
  { type, decider, load, change }: Aggregate<Command, State, Facts, Event, Existing>,
  { id, reads, toCommand }: AggregateCommand<Command, State>,
): PreparedCommand {
  return {
    aggregateType: type,
    aggregateId: id,
    reads,
    version: (rows) => load(rows).version,
    decide: (rows) => {
      const { version, state, facts } = load(rows);
      const decision = decider.decide(toCommand(state), state, facts);
      if (decision.outcome === 'rejected') return decision;
      const { event } = decision;
      const after = decider.evolve(state, event);
      return { outcome: 'accepted', change: change({ id, version: version + 1, before: state, event, after }, rows) };
    },
  };
}
