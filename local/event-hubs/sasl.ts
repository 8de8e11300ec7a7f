/**
 * SASL (AMQP 1.0 part 5.3). PLAIN, with the name and key of the policy, authorizes the connection; after ANONYMOUS or MSSBCBS the
 * client has to put a token to `$cbs`.
 */
import type { Connection, Container } from 'rhea';
import { isPolicy } from './policy.ts';
import { saslMechanism } from './rhea-access.ts';

/** PLAIN (RFC 4616). rhea's own mechanism does not tell its callback which connection it is for. */
class PlainMechanism {
  /** Read by rhea after {@link start}. */
  outcome: boolean | undefined;

  /** @param response authorization identity, policy name and key, each but the first after a zero byte */
  start(response: Buffer | undefined): void {
    const [, policy, key] = String(response ?? '').split('\0');
    this.outcome = isPolicy(policy, key);
  }
}

/** Offers the mechanisms; MSSBCBS is Azure's name for "not by SASL". */
export function offerMechanisms({ sasl_server_mechanisms: mechanisms }: Container): void {
  mechanisms.enable_anonymous();
  mechanisms.MSSBCBS = mechanisms.ANONYMOUS;
  mechanisms.PLAIN = () => new PlainMechanism();
}

/** @returns whether the client signed in with a policy's name and key */
export function isSignedIn(connection: Connection): boolean {
  const mechanism = saslMechanism(connection);
  return mechanism instanceof PlainMechanism && mechanism.outcome === true;
}
