import type { z } from 'zod';
import type { Actor, Role } from '../../shared/auth/authenticate.ts';
import type { EventContent } from '../../shared/events/envelope.ts';
import { validate } from '../../shared/http/validate.ts';
import type { Rejected, RejectionCode } from '../domain/decider.ts';
import type { CommandCommit, CommandResult, LoadedRows, LoadRequest } from '../write-store/write-store.ts';

/** A command as it comes in: nothing of its data is checked yet. */
export interface CommandEnvelope {
  /** Idempotency key: the command is carried out once, however often it is sent. */
  readonly commandId: string;
  readonly commandType: string;
  /** The aggregate, where the path or the envelope names it. */
  readonly aggregateId: string | undefined;
  readonly data: unknown;
  /** From If-Match: the command is refused when the aggregate has another version. */
  readonly expectedVersion: number | undefined;
  readonly actor: Actor;
  /** ISO 8601 UTC; the domain's clock. */
  readonly receivedAt: string;
  readonly correlationId: string;
  /** W3C trace context of the request, if it came with one. */
  readonly traceparent: string | undefined;
  /** Which client sent it, for the events' metadata. */
  readonly source: string;
}

/** What the bus answers: the result, and whether the command had been carried out before. */
export interface CommandAnswer {
  readonly result: CommandResult;
  readonly replayed: boolean;
  /** Estimate as of now, also for a command that comes again: milliseconds until every read model shows the change. */
  readonly estimatedSyncMs: number;
}

/** What an accepted command changes; its event is the next version of the aggregate. */
export interface Change
  extends Pick<CommandCommit, 'order' | 'customer' | 'product' | 'stock' | 'credit' | 'erasedCustomerId'> {
  readonly event: EventContent;
}

/** A validated command, ready to load and decide. */
export interface PreparedCommand {
  readonly aggregateType: CommandResult['aggregateType'];
  readonly aggregateId: string;
  /** The rows it needs, besides its own record. */
  readonly reads: Omit<LoadRequest, 'commandId'>;
  /** The aggregate's version; 0 when there is none, also for a caller who may not see it. */
  readonly version: (rows: LoadedRows) => number;
  /** Decides on the rows; called again with fresh rows after a conflict. Pure. */
  readonly decide: (rows: LoadedRows) => { readonly outcome: 'accepted'; readonly change: Change } | Rejected;
}

/** What handlers know of the deployment. */
export interface CommandSettings {
  /** Currency of what is created without one. */
  readonly defaultCurrency: string;
}

/** One kind of command: who may send it, what its data looks like, and how it is handled. */
export interface Command {
  readonly type: string;
  /** What it does, in one sentence for the API's description. */
  readonly summary: string;
  readonly roles: readonly Role[];
  readonly schema: z.ZodType;
  /** Data for the API's description, which a test sends. */
  readonly example: unknown;
  /** What its rules may refuse it with, besides what any command may be refused with. */
  readonly rejections: readonly RejectionCode[];
  /** Throws Problem `validation-failed` or `forbidden`. */
  readonly prepare: (envelope: CommandEnvelope, settings: CommandSettings) => PreparedCommand;
}

/** A command from its definition; `prepare` gets the data as the schema leaves it. */
export function defineCommand<Schema extends z.ZodType>(
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
    prepare: (envelope, settings) => prepare(validate(schema, envelope.data), envelope, settings),
  };
}
