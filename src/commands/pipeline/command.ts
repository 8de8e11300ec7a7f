import type * as z from 'zod';
import type { Actor, Role } from '../../shared/auth/authenticate.ts';
import type { EventContent } from '../../shared/events/envelope.ts';
import { validate } from '../../shared/http/validate.ts';
import type { Rejected, RejectionCode } from '../domain/decider.ts';
import type {
  CommandCommit,
  CommandResult,
  LoadedRows,
  LoadRequest,
  OrderOutcome,
} from '../write-store/write-store.ts';

/** An incoming command. Its data is not validated yet. */
export interface CommandEnvelope {
  /** Idempotency key of the caller. A command that the same caller sends several times is executed once. */
  readonly commandId: string;
  readonly commandType: string;
  /** The id of the aggregate, if the route or the envelope contains it. */
  readonly aggregateId: string | undefined;
  /** The id of the aggregate that the command creates, if neither the client nor the data contains one. */
  readonly newAggregateId: string;
  readonly data: unknown;
  /** From If-Match. The command is rejected when the aggregate has a different version, or with `any`, when it does not exist. */
  readonly expectedVersion: number | 'any' | undefined;
  readonly actor: Actor;
  /** ISO 8601 UTC; the domain's clock. */
  readonly receivedAt: string;
  readonly correlationId: string;
  /** W3C trace context of the request, if it has one. */
  readonly traceparent: string | undefined;
  /** Which client sent it, for the events' metadata. */
  readonly source: string;
}

/** What the bus returns: the result, and whether the command was already executed earlier. */
export interface CommandAnswer {
  readonly result: CommandResult;
  /** The order after the command; absent for a command on a customer or a product. */
  readonly order?: OrderOutcome | undefined;
  readonly replayed: boolean;
  /** Estimated milliseconds from now until every read model shows the change; computed again for a replayed command. */
  readonly estimatedSyncMs: number;
}

/** What an accepted command changes. Its event is the next version of the aggregate. */
export interface Change extends Omit<CommandCommit, 'command' | 'events' | 'customerKey'> {
  readonly event: EventContent;
}

/** A validated command, ready to load and decide. */
export interface PreparedCommand {
  readonly aggregateType: CommandResult['aggregateType'];
  readonly aggregateId: string;
  /** The rows it needs, in addition to its own command record. */
  readonly reads: Omit<LoadRequest, 'commandId'>;
  /** The aggregate's version; 0 when it does not exist or the caller may not see it. */
  readonly version: (rows: LoadedRows) => number;
  /** Decides the command against the rows. Called again with fresh rows after a conflict. Pure. */
  readonly decide: (rows: LoadedRows) => { readonly outcome: 'accepted'; readonly change: Change } | Rejected;
}

/** A prepared command with its data. */
export interface ValidCommand extends PreparedCommand {
  /** As its schema has parsed it. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The settings of the deployment that handlers use. */
export interface CommandSettings {
  /** Currency for aggregates that are created without one. */
  readonly defaultCurrency: string;
  /** The ids that customers may choose for new orders. Admins may choose any. */
  readonly customerOrderIds: 'any' | 'uuid';
  /** Maximum open drafts of a customer. */
  readonly maxOpenDrafts: number;
  /** Whether an erasure of a customer needs a second admin. */
  readonly erasureNeedsSecondPerson: boolean;
  /** Milliseconds within which a command must be committed, and rows or events be read. */
  readonly deadlineMs: number;
}

/** A command type: who may send it, the schema of its data, and how it is handled. */
export interface Command {
  readonly type: string;
  /** One sentence for the API description. */
  readonly summary: string;
  readonly roles: readonly Role[];
  readonly schema: z.ZodObject;
  /** Example data for the API description. A test sends it. */
  readonly example: unknown;
  /** The rejections of its own rules, in addition to the problems that any command can cause. */
  readonly rejections: readonly RejectionCode[];
  /** Throws Problem when the data is not valid, or when the caller may not do this. */
  readonly prepare: (envelope: CommandEnvelope, settings: CommandSettings) => ValidCommand;
}

/** Defines a command. `prepare` gets the parsed output of the schema. */
export function defineCommand<Schema extends z.ZodObject>(
  definition: Omit<Command, 'schema' | 'example' | 'prepare'> & {
    readonly schema: Schema;
    readonly example: z.input<Schema>;
    readonly prepare: (data: z.output<Schema>, envelope: CommandEnvelope, settings: CommandSettings) => PreparedCommand;
  },
): Command {
  const { type, prepare } = definition;
  const schema = definition.schema.meta({ id: type });
  return {
    ...definition,
    schema,
    prepare: (envelope, settings) => {
      const data = validate(schema, envelope.data);
      return { ...prepare(data, envelope, settings), data };
    },
  };
}
