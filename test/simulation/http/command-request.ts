import { z } from 'zod';
import type { Actor } from '../../../src/shared/auth/authenticate.ts';
import type { SentCommand } from '../../support/commands/command-bus.ts';
import { tokenOf } from '../edges/issuer.ts';
import type { World } from '../kernel/world.ts';
import type { FunctionAnswer } from './function-answer.ts';
import type { FunctionRequest, HttpApi } from './http-api.ts';
import { codeOf } from './problem-answer.ts';

/** A command as a client sends it: the same in every attempt. */
export interface CommandRequest {
  readonly command: SentCommand;
  readonly actor: Actor;
  readonly idempotencyKey: string;
  /** The header If-Match: a version that the client has seen; undefined without it. */
  readonly ifMatch: string | undefined;
  /** Sent as an envelope, instead of to the command's own route. */
  readonly isEnvelope: boolean;
}

const fields = z.record(z.string(), z.unknown());

/** Sends a command to an app, with a token. */
export async function sendCommand(world: World, api: HttpApi, request: CommandRequest): Promise<FunctionAnswer> {
  const { command, actor, idempotencyKey, ifMatch, isEnvelope } = request;
  const headers = {
    authorization: `Bearer ${await world.outside(tokenOf(actor))}`,
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
  };
  if (isEnvelope) {
    const { type: commandType, on: aggregateId, data } = command;
    const body = { commandId: idempotencyKey, commandType, aggregateId, data };
    return api.send('executeCommand', { headers, body });
  }
  const keyed = { ...headers, 'idempotency-key': idempotencyKey };
  return api.send(nameOf(command), { ...toRoute(command, api), headers: keyed });
}

/** Functions are named after their commands. */
const nameOf = ({ type }: SentCommand): string => type.charAt(0).toLowerCase() + type.slice(1);

/** The first parameter of a route is the id of the aggregate, and the others are fields of the command's data. */
function toRoute(command: SentCommand, api: HttpApi): Pick<FunctionRequest, 'params' | 'body'> {
  const data = fields.parse(command.data ?? {});
  const [idName, ...names] = api.parametersOf(nameOf(command));
  const inRoute = names.map((name) => [name, String(data[name])] as const);
  const rest = Object.entries(data).filter(([name]) => !names.includes(name));
  return {
    params: { ...(idName !== undefined && { [idName]: command.on ?? '' }), ...Object.fromEntries(inRoute) },
    ...(rest.length > 0 && { body: Object.fromEntries(rest) }),
  };
}

const accepted = z.looseObject({ commandId: z.string(), version: z.int(), estimatedSyncMs: z.int() });

/** An answer as a client understands it. */
export interface CommandOutcome {
  /** The code of the problem, or the version that the command created. */
  readonly result: string | number;
  /** The body of the answer to an accepted command, without the field that may change when the command is sent again. */
  readonly body: string;
  /** Whether the command had been executed before. */
  readonly isReplayed: boolean;
}

/** Reads an answer. The result is `malformed` when the answer does not match the command. */
export function readAnswer(answer: FunctionAnswer, { idempotencyKey }: CommandRequest): CommandOutcome {
  const { data } = accepted.safeParse(answer.body);
  const isReplayed = answer.headers.get('idempotency-replayed') === 'true';
  if (answer.status !== 202 || data === undefined) {
    return { result: codeOf(answer) ?? 'malformed', body: '', isReplayed };
  }
  const { estimatedSyncMs: _, ...body } = data;
  const id = [body.orderId, body.customerId, body.productId].find((one) => typeof one === 'string');
  const belongs =
    data.commandId === idempotencyKey &&
    answer.headers.get('etag') === `"${data.version}"` &&
    answer.headers.get('location')?.endsWith(`s/${id}`) === true;
  return { result: belongs ? data.version : 'malformed', body: JSON.stringify(body), isReplayed };
}
