/**
 * `$cbs`, where a client puts its token before it opens links (AMQP claims-based security 1.0).
 * Neither the token nor its audience is checked: the stand-in only requires that one was put.
 */
import type { Connection } from 'rhea';
import { AmqpRefusal, condition } from './amqp-refusal.ts';
import type { Reply, Request } from './request-response.ts';
import { isSignedIn } from './sasl.ts';

export const CBS_NODE = '$cbs';

const TOKEN_TYPES: readonly unknown[] = ['servicebus.windows.net:sastoken', 'jwt'];

/** Which connections have put a token. */
export class Claims {
  readonly #connections = new WeakSet<Connection>();

  /** @throws {AmqpRefusal} as a reply when the request is no put-token of a known type */
  putToken(connection: Connection, { application_properties: properties }: Request): Reply {
    if (properties?.operation !== 'put-token' || !TOKEN_TYPES.includes(properties.type)) {
      throw new AmqpRefusal(condition.notImplemented, 'Only put-token with a SAS token or a JWT is understood.');
    }
    this.#connections.add(connection);
    return { status: 202, description: 'Accepted' };
  }

  /** @throws {AmqpRefusal} amqp:unauthorized-access when the connection has put no token and has not signed in by SASL */
  demand(connection: Connection): void {
    if (this.#connections.has(connection) || isSignedIn(connection)) return;
    throw new AmqpRefusal(condition.unauthorized, `Unauthorized access: put a token to ${CBS_NODE} first.`);
  }
}
