/**
 * `$cbs`, where a client puts its token before it opens links (AMQP claims-based security 1.0).
 * The signature and the expiry of the token are checked when it is put, its audience is not.
 */
import type { Connection } from 'rhea';
import { AmqpRefusal, condition } from './amqp-refusal.ts';
import { isSharedAccessSignature } from './policy.ts';
import type { Reply, Request } from './request-response.ts';
import { isSignedIn } from './sasl.ts';

export const CBS_NODE = '$cbs';

const SAS_TOKEN = 'servicebus.windows.net:sastoken';

/** Which connections have put a valid token. */
export class Claims {
  readonly #connections = new WeakSet<Connection>();

  /** @throws {AmqpRefusal} as a reply when the request is not a put-token with a SAS token, or the token is not valid */
  putToken(connection: Connection, { application_properties: properties, body }: Request): Reply {
    if (properties?.operation !== 'put-token' || properties.type !== SAS_TOKEN) {
      throw new AmqpRefusal(condition.notImplemented, 'Only put-token with a SAS token is supported.');
    }
    if (!isSharedAccessSignature(body)) throw invalidToken();
    this.#connections.add(connection);
    return { status: 202, description: 'Accepted' };
  }

  /**
   * For requests to `$management`, to which clients may open links before they put a token: the client for .NET sends one in each request.
   * @throws {AmqpRefusal} amqp:unauthorized-access
   */
  demandInRequest(connection: Connection, { application_properties: properties }: Request): void {
    const token = properties?.security_token;
    if (token === undefined) this.demand(connection);
    else if (!isSharedAccessSignature(token)) throw invalidToken();
  }

  /** @throws {AmqpRefusal} amqp:unauthorized-access when the connection has put no token and has not signed in by SASL */
  demand(connection: Connection): void {
    if (this.#connections.has(connection) || isSignedIn(connection)) return;
    throw new AmqpRefusal(condition.unauthorized, `Unauthorized access: put a token to ${CBS_NODE} first.`);
  }
}

function invalidToken(): AmqpRefusal {
  return new AmqpRefusal(
    condition.unauthorized,
    'Unauthorized access: the token is not signed by the policy, or has expired.',
  );
}
